"""A small house that is right in everything: two rooms, three tasks, three things and their pictures."""

import datetime as dt
from pathlib import Path

from portal.selfhelp.lint import Around, Finding, lint_house, lint_items

TODAY = dt.date(2026, 11, 25)
HOUSE = """\
id: house
version: "1.0"
title: A small house
review: {last: 2026-11-01, next: 2027-05-01}
right: You can ask for a conversation with the council at any time.
emergency: Ring 999.
local:
  borrow: Ring Saltmarsh on 0100.
hard:
  standing: Standing up
  gripping: Gripping
sources:
  nhs: {title: Gadgets (NHS), url: "https://www.nhs.uk/gadgets/", added: 2026-11-25}
rooms:
- id: bathroom
  name: Bathroom
  intro: Bath and washing.
  picture_alt: A bath with a board across it, and a basin.
  spots:
  - {id: bath, label: The bath, draw: A bath}
  - {id: basin, label: The basin, draw: A basin}
- id: kitchen
  name: Kitchen
  intro: Drinks and meals.
  picture_alt: A kettle on a worktop.
  spots:
  - {id: kettle, label: The kettle, draw: A kettle}
tasks:
- id: into-the-bath
  room: bathroom
  spot: bath
  title: Getting into the bath
  hard: [standing]
  try_first: [Sit on the edge for a moment first., Let the water out before you get up.]
  items: [bath-board, grip-mat]
  ask_ot_if: You have fallen here.
  caution: Never hold on to the taps.
  also: [stuck in the bath]
  search: {category: equipment-loan}
  article: bathing-safely
  sources: [nhs]
- id: washing-my-back
  room: bathroom
  spot: basin
  title: Washing my back
  hard: [gripping]
  try_first: [Ask for help with it once a week.]
  items: []
  ask_ot_if: Your shoulder hurts.
  caution: Mind the wet floor.
  also: []
  search: [{category: equipment-shops}, {need: washing-dressing}]
  sources: [nhs]
- id: lifting-the-kettle
  room: kitchen
  spot: kettle
  title: Lifting the kettle
  hard: [gripping]
  try_first: [Fill it half.]
  items: [kettle-tipper]
  ask_ot_if: You have been scalded.
  caution: Keep the cord away from the edge.
  also: [kettle too heavy]
  search: {category: equipment-shops}
  sources: [nhs]
"""
ITEMS = """\
id: items
version: "1.0"
title: Small equipment
review: {last: 2026-11-01, next: 2027-05-01}
costs: {under-10: Under £10, 10-30: £10 to £30}
get_it: {borrow: Ask the council to lend it, buy: Buy it, try: Try it first}
ask_first: {nurse: Ask a nurse first.}
note: Ask before you buy.
sources:
  nhs: {title: Gadgets (NHS), url: "https://www.nhs.uk/gadgets/", added: 2026-11-25}
items:
- id: bath-board
  name: Bath board
  also: [bath seat]
  what_it_is: A board across the bath to sit on.
  helps: Getting in without climbing.
  not_for: People who cannot sit steadily.
  check: Measure the inside of the bath.
  safety: Check the grips each time.
  cost: 10-30
  get_it: [borrow, buy, try]
  ask_first: nurse
  rooms: [bathroom]
  picture_alt: A white board across a bath.
  sources: [nhs]
- id: grip-mat
  name: Grip mat
  also: []
  what_it_is: A mat that does not slip.
  helps: Standing in the bath.
  not_for: Baths with a rough bottom.
  check: That it lies flat.
  safety: Dry it after use.
  cost: under-10
  get_it: [buy]
  rooms: [bathroom]
  picture_alt: A mat in a bath.
  sources: [nhs]
- id: kettle-tipper
  name: Kettle tipper
  also: []
  what_it_is: A cradle that tips a kettle.
  helps: Pouring without lifting.
  not_for: Very large kettles.
  check: The size of your kettle.
  safety: Stand it on a dry worktop.
  cost: 10-30
  get_it: [buy, try]
  rooms: [kitchen]
  picture_alt: A kettle tipped in a wire cradle.
  picture: kettle-tipper
  sources: [nhs]
"""
PICTURES = {
    "house": """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 960 640" class="drawing">
<path class="ink fill-grass" d="M0 600h960v40H0z"/>
<g id="room-bathroom" data-link="bathroom" data-label-x="200" data-label-y="300">
<rect class="ink" x="100" y="200" width="200" height="150"/></g>
<g id="room-kitchen" data-link="kitchen" data-label-x="600" data-label-y="300">
<circle class="ink" cx="600" cy="300" r="80"/></g>
</svg>
""",
    "rooms/bathroom": """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 960 640">
<g id="spot-bath" data-link="bath" data-label-x="300" data-label-y="500">
<path class="ink fill-paper" d="M100 400l400 0 0 100-400 0z"/></g>
<g id="spot-basin" data-link="basin" data-label-x="700" data-label-y="350">
<ellipse class="ink" cx="700" cy="250" rx="90" ry="40"/></g>
</svg>
""",
    "rooms/kitchen": """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 960 640">
<g id="spot-kettle" data-link="kettle" data-label-x="480" data-label-y="400">
<g transform="translate(400 200)"><polygon class="ink" points="0,0 160,0 80,120"/></g></g>
</svg>
""",
    "items/kettle-tipper": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 240">'
    '<path class="ink" d="M10 10h90"/></svg>',
}
KEYS = {
    "equipment": frozenset({"bath-board", "grip-mat", "kettle-tipper"}),
    "room": frozenset({"bathroom", "kitchen"}),
    "article": frozenset({"bathing-safely"}),
    "category": frozenset({"equipment-loan", "equipment-shops"}),
    "need": frozenset({"washing-dressing"}),
}
AROUND = Around("house", TODAY, KEYS)


def found_in(
    house: str = HOUSE, items: str = ITEMS, pictures: dict[str, str] = PICTURES
) -> tuple[list[Finding], list[Finding]]:
    """What the linter says of the house, and of the equipment."""
    return lint_house(house, AROUND, pictures), lint_items(items, Around("items", TODAY, KEYS), pictures)


def written_to(folder: Path) -> Path:
    """The small house as files in a folder of content."""
    kit = folder / "equipment"
    for name, text in {"house.yaml": HOUSE, "items.yaml": ITEMS}.items():
        kit.mkdir(parents=True, exist_ok=True)
        (kit / name).write_text(text, encoding="utf-8")
    for name, text in PICTURES.items():
        path = kit / "pictures" / f"{name}.svg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder
