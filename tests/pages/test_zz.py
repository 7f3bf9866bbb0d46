from tests import browser
from tests.browser import MODES
from tests.pages.states import STATES
def test_z(reader):
    with reader.reading(STATES["plan"]) as o:
        p=o.page
        q="() => [matchMedia('print').matches]"
        p.emulate_media(media="print"); print("a",p.evaluate(q))
        p.emulate_media(media="null"); print("b",p.evaluate(q))
        p.emulate_media(media="print",forced_colors="null",reduced_motion="null"); print("c",p.evaluate(q))
        d=p.context.new_cdp_session(p); print("d",p.evaluate(q))
        d.send("Page.setFontSizes", {"fontSizes": {"standard": 16, "fixed": 16}}); print("e",p.evaluate(q))
        d.detach(); print("f",p.evaluate(q))
        p.emulate_media(media="screen"); p.emulate_media(media="print"); print("g",p.evaluate(q))
    with reader.reading(STATES["plan"]) as o:
        p=o.page
        p.emulate_media(media="print"); d=p.context.new_cdp_session(p); print("h",p.evaluate(q)); d.send("Page.enable");print("h",p.evaluate(q)); d.detach(); print("i",p.evaluate(q))
