"""The kinds of mail that the directory sends, for people to choose about."""

from portal import notify
from portal.i18n import _

# What became of what a provider sent in or asked for.
ENTRIES = notify.declare(
    "directory.entries", lambda: _("What the council says about entries that you sent in")
)
# Whether entries are still right, to whoever looks after them.
REMINDERS = notify.declare("directory.reminders", lambda: _("Whether your entries are still right"))
# Entries that nobody has confirmed, to editors.
OVERDUE = notify.declare("directory.overdue", lambda: _("For editors: entries that nobody has checked"))
# Words that may mean harm, to whoever the council has named for it. Never put off.
SAFEGUARDING = notify.declare(
    "directory.safeguarding", lambda: _("Words that may mean that somebody is being harmed"), needed=True
)
THANKS = notify.declare("directory.thanks", lambda: _("Thanks when you tell us something"))
