"""What is searched and opened, for editors and brokers."""

from flask import Blueprint, Response, request

from portal import clock, i18n, pages
from portal.councils.views import current
from portal.directory import figures, upkeep_permissions
from portal.permissions import requires

figures_desk = Blueprint("figures", __name__, url_prefix="/editor/figures")


@figures_desk.get("/")
@requires(upkeep_permissions.may_see_figures)
def overview() -> Response:
    """The figures of a month."""
    months = figures.months(current(), clock.today())
    asked = request.args.get("month", "")
    month = next((day for day in months if f"{day:%Y-%m}" == asked), months[0])
    return pages.show(
        "directory/upkeep/figures.html",
        figures=figures.of_month(current(), month),
        months=months,
        fewest=figures.FEWEST,
        say_month=i18n.month,
    )
