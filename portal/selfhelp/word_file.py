"""A document to fill in as a Word file, written by hand: a .docx is a few XML files in a ZIP archive.

Headings, paragraphs, lists and tables are real ones, so that a screen reader finds its way; a rule becomes a line to
write on. The same words always make the same bytes.
"""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from markdown_it import MarkdownIt
from markdown_it.token import Token

MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
_BEGIN = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest that ZIP knows
_TEXT_WIDTH = 9638  # of an A4 page between its margins, in twentieths of a point
_STYLES = {"h1": "Title", "h2": "Heading1", "h3": "Heading2"}

_CONTENT_TYPES = (
    f'{_BEGIN}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_TYPE}.document.main+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
    f'<Override PartName="/word/numbering.xml" ContentType="{_TYPE}.numbering+xml"/>'
    '<Override PartName="/docProps/core.xml" '
    'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>'
)
_RELATIONS = (
    f'{_BEGIN}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>'
    f'<Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties" '
    'Target="docProps/core.xml"/></Relationships>'
)
_WORD_RELATIONS = (
    f'{_BEGIN}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/styles" Target="styles.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/numbering" Target="numbering.xml"/></Relationships>'
)


def _heading(name: str, words: str, size: int, outline: str) -> str:
    return (
        f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{words}"/><w:basedOn w:val="Normal"/>'
        f'<w:next w:val="Normal"/><w:pPr><w:keepNext/><w:spacing w:before="280" w:after="100"/>{outline}</w:pPr>'
        f'<w:rPr><w:b/><w:sz w:val="{size}"/></w:rPr></w:style>'
    )


_STYLE_SHEET = (
    f'{_BEGIN}<w:styles xmlns:w="{_WORD}"><w:docDefaults><w:rPrDefault><w:rPr>'
    '<w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:cs="Arial"/><w:sz w:val="26"/><w:lang w:val="en-GB"/>'
    '</w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after="140" w:line="300" w:lineRule="auto"/></w:pPr>'
    "</w:pPrDefault></w:docDefaults>"
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
    + _heading("Title", "Title", 40, "")
    + _heading("Heading1", "heading 1", 32, '<w:outlineLvl w:val="0"/>')
    + _heading("Heading2", "heading 2", 28, '<w:outlineLvl w:val="1"/>')
    + "</w:styles>"
)


def _numbers(kind: int, form: str, words: str) -> str:
    return (
        f'<w:abstractNum w:abstractNumId="{kind}"><w:multiLevelType w:val="singleLevel"/><w:lvl w:ilvl="0">'
        f'<w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{words}"/><w:lvlJc w:val="left"/>'
        '<w:pPr><w:ind w:left="560" w:hanging="420"/></w:pPr></w:lvl></w:abstractNum>'
    )


@dataclass
class _Lists:
    """The lists of a document: each numbered one begins at 1 again. ordered: which of them are numbered."""

    ordered: list[bool]

    def begin(self, is_ordered: bool) -> int:
        """The number of a new list."""
        self.ordered.append(is_ordered)
        return len(self.ordered)

    def xml(self) -> str:
        """What the file says of them."""
        kinds = _numbers(0, "bullet", "•") + _numbers(1, "decimal", "%1.")
        return (
            f'{_BEGIN}<w:numbering xmlns:w="{_WORD}">{kinds}'
            + "".join(_num(at, is_ordered) for at, is_ordered in enumerate(self.ordered, 1))
            + "</w:numbering>"
        )


def _num(at: int, is_ordered: bool) -> str:
    again = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>' if is_ordered else ""
    return f'<w:num w:numId="{at}"><w:abstractNumId w:val="{int(is_ordered)}"/>{again}</w:num>'


def word_file(markdown: str, title: str) -> bytes:
    """The document as a .docx."""
    lists = _Lists([])
    body = "".join(_blocks(_MARKDOWN.parse(markdown), lists))
    page = (
        '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/>'
        '<w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134" '
        'w:header="600" w:footer="600" w:gutter="0"/>'
        "</w:sectPr>"
    )
    core = (
        f'{_BEGIN}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(title)}</dc:title><dc:language>en-GB</dc:language></cp:coreProperties>"
    )
    return _zipped(
        {
            "[Content_Types].xml": _CONTENT_TYPES,
            "_rels/.rels": _RELATIONS,
            "docProps/core.xml": core,
            "word/_rels/document.xml.rels": _WORD_RELATIONS,
            "word/document.xml": f'{_BEGIN}<w:document xmlns:w="{_WORD}"><w:body>{body}{page}</w:body></w:document>',
            "word/numbering.xml": lists.xml(),
            "word/styles.xml": _STYLE_SHEET,
        }
    )


def _zipped(parts: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in parts.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, text.encode("utf-8"))
    return out.getvalue()


def _blocks(tokens: list[Token], lists: _Lists) -> Iterator[str]:
    inside: list[int] = []
    style, cell = "", False
    for at, token in enumerate(tokens):
        if token.type in ("bullet_list_open", "ordered_list_open"):
            inside.append(lists.begin(token.type.startswith("ordered")))
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            inside.pop()
        elif token.type == "heading_open":
            style = _STYLES.get(token.tag, "Heading2")
        elif token.type in ("th_open", "td_open"):
            cell = True
            yield '<w:tc><w:tcPr><w:tcW w:w="0" w:type="auto"/></w:tcPr>'
        elif token.type == "inline":
            yield _paragraph("".join(_runs(token)), style, 0 if cell or not inside else inside[-1])
            style = ""
        else:
            cell = cell and token.type not in ("th_close", "td_close")
            yield _frame(tokens, at)


def _frame(tokens: list[Token], at: int) -> str:
    """What stands around the words: a rule, a table and its rows."""
    kind = tokens[at].type
    if kind == "tr_open":
        # The first row is the head: it is read with each cell, and repeated on the next page.
        head = "<w:tblHeader/>" if tokens[at - 1].type == "thead_open" else ""
        return f"<w:tr><w:trPr><w:cantSplit/>{head}</w:trPr>"
    return _FRAMES.get(kind, "") + (_grid(tokens[at:]) if kind == "table_open" else "")


def _grid(tokens: list[Token]) -> str:
    """How many columns a table has, of one width: Word makes them fit their words."""
    head = tokens[: next(at for at, token in enumerate(tokens) if token.type == "thead_close")]
    many = sum(token.type == "th_open" for token in head)
    return "<w:tblGrid>" + f'<w:gridCol w:w="{_TEXT_WIDTH // many}"/>' * many + "</w:tblGrid>"


_EDGE = 'w:val="single" w:sz="6" w:space="0" w:color="444444"'
_FRAMES = {
    # A line to write on.
    "hr": f'<w:p><w:pPr><w:pBdr><w:bottom {_EDGE}/></w:pBdr><w:spacing w:before="240"/></w:pPr></w:p>',
    "table_open": '<w:tbl><w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblBorders>'
    + "".join(f"<w:{side} {_EDGE}/>" for side in ("top", "left", "bottom", "right", "insideH", "insideV"))
    + '</w:tblBorders><w:tblLook w:val="0020" w:firstRow="1"/></w:tblPr>',
    "table_close": "</w:tbl><w:p/>",
    "tr_close": "</w:tr>",
    "th_close": "</w:tc>",
    "td_close": "</w:tc>",
}


def _paragraph(runs: str, style: str, of_list: int) -> str:
    said = f'<w:pStyle w:val="{style}"/>' if style else ""
    if of_list:
        said += f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{of_list}"/></w:numPr>'
    return f"<w:p>{f'<w:pPr>{said}</w:pPr>' if said else ''}{runs}</w:p>"


def _runs(inline: Token) -> Iterator[str]:
    strong = em = 0
    for child in inline.children or ():
        strong += (child.type == "strong_open") - (child.type == "strong_close")
        em += (child.type == "em_open") - (child.type == "em_close")
        if child.type == "hardbreak":
            yield "<w:r><w:br/></w:r>"
        words = " " if child.type == "softbreak" else child.content
        if words:
            looks = ("<w:b/>" if strong else "") + ("<w:i/>" if em else "")
            said = f"<w:rPr>{looks}</w:rPr>" if looks else ""
            yield f'<w:r>{said}<w:t xml:space="preserve">{escape(words, quote=False)}</w:t></w:r>'
