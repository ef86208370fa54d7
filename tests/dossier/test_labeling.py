"""Labeling files as passages: what is read, where it stands, and what cannot be read."""

import zlib
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from docx import Document as Docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from pypdf import PdfReader, PdfWriter

from defensible.dossier import DossierError
from defensible.dossier.files import UnreadableError
from defensible.dossier.labeling import Form, Unit, apart, lone, words


def placed(said):
    return [(one.form.value, one.number(0), one.text) for one in said.passages]


def pdf(*pages, line_height=14):
    """A PDF with these lines on its pages, written by hand so that no writer is needed."""
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "", font]
    kids = []
    for lines in pages:
        shown = "".join(f"({line}) Tj 0 -{line_height} Td " for line in lines)
        content = f"BT /F1 10 Tf 50 780 Td {shown}ET"
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
        kids.append(f"{len(objects) + 1} 0 R")
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
            f"/Contents {len(objects)} 0 R /Resources << /Font << /F1 3 0 R >> >> >>"
        )
    objects[1] = f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(kids)}] >>"
    return _assembled([one.encode("latin-1") for one in objects])


def _assembled(objects):
    out = b"%PDF-1.4\n"
    places = []
    for number, one in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    tail = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1,
        len(out),
    )
    return out + head + table + tail


def docx(*paragraphs, table=()):
    made = Docx()
    for style, text in paragraphs:
        made.add_paragraph(text, style=style)
    if table:
        rows = made.add_table(rows=0, cols=len(table[0]))
        for row in table:
            for cell, text in zip(rows.add_row().cells, row, strict=True):
                cell.text = text
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def test_markdown_keeps_lines_and_loses_marks_and_code():
    text = (
        "# Title #\n\nOne **bold**\nand [a link](http://x.example) here.\n\n"
        "> quoted\n> on\n\n- first\n  goes on\n- `second`\n\n```\ncode\n```\n\n"
        "| a | b |\n|---|---|\n| c | d |\n"
    )

    assert placed(words("a.md", text.encode())) == [
        ("heading", 1, "Title"),
        ("prose", 3, "One bold and a link here."),
        ("prose", 6, "quoted on"),
        ("item", 9, "first goes on"),
        ("item", 11, "second"),
        ("item", 17, "a; b"),
        ("item", 19, "c; d"),
    ]
    assert words("a.md", text.encode()).passages[1].number(13) == 4


def test_html_keeps_what_a_reader_sees_with_its_lines():
    text = (
        "<!doctype html><title>T</title>\n<style>p { x: y }</style><script>replaces()</script>\n"
        "<h1>Head</h1>\n<p>One <b>bold</b>\nword &amp; more<br>next</p>"
        "<ul><li>first<li>second</ul>\n"
        "<img alt='a picture'><table><tr><td>c</td><td>d</td></tr></table>"
    )

    assert placed(words("a.html", text.encode())) == [
        ("heading", 1, "T"),
        ("heading", 3, "Head"),
        ("prose", 4, "One bold word & more next"),
        ("item", 5, "first"),
        ("item", 5, "second"),
        ("prose", 6, "a picture"),
        ("item", 6, "c"),
        ("item", 6, "d"),
    ]
    assert words("a.htm", text.encode()).passages[2].number(12) == 5


def test_a_pdf_is_read_page_by_page_and_its_lines_are_put_together():
    long = "The device flags studies of the head and is not intended to"
    said = words("a.pdf", pdf(["Title", long, "replace a full read."], ["Second page."]))

    assert said.unit is Unit.PAGE
    assert placed(said) == [
        ("prose", 1, "Title"),
        ("prose", 1, f"{long} replace a full read."),
        ("prose", 2, "Second page."),
    ]


def test_a_docx_is_read_paragraph_by_paragraph_with_headings_and_tables():
    made = docx(
        ("Heading 1", "Head"),
        ("Normal", ""),
        ("Normal", "Some words."),
        ("List Bullet", "an item"),
        table=[["a", "b"]],
    )
    said = words("a.docx", made)

    assert said.unit is Unit.PARAGRAPH
    assert placed(said) == [
        (Form.HEADING, 1, "Head"),
        (Form.PROSE, 3, "Some words."),
        (Form.ITEM, 4, "an item"),
        (Form.ITEM, 5, "a; b"),
    ]


W = "xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'"


def run_of(text):
    return f"<w:r><w:t xml:space='preserve'>{text}</w:t></w:r>"


def paragraph_of(inner):
    return parse_xml(f"<w:p {W}>{inner}</w:p>")


def drawn(text):
    """A text box as Word writes it: once as a drawing, once more for older programs."""
    inner = f"<w:txbxContent><w:p>{run_of(text)}</w:p></w:txbxContent>"
    return (
        "<w:r><mc:AlternateContent "
        "xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006' "
        "xmlns:x='http://example.org/shape'>"
        f"<mc:Choice Requires='wps'><w:drawing><x:txbx>{inner}</x:txbx></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><x:textbox>{inner}</x:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )


def test_a_docx_is_read_where_word_shows_text_beyond_its_plain_paragraphs():
    made = Docx()
    body = made.element.body
    tracked = (
        run_of("It ")
        + f"<w:ins w:id='1' w:author='a'>{run_of('finds')}</w:ins>"
        + "<w:del w:id='2' w:author='a'><w:r><w:delText>treats</w:delText></w:r></w:del>"
        + f"<w:moveFrom w:id='3' w:author='a'>{run_of(' all')}</w:moveFrom>"
        + run_of(" nodules.")
    )
    control = (
        f"<w:sdt {W}><w:sdtContent><w:p>{run_of('In a control.')}</w:p></w:sdtContent></w:sdt>"
    )
    inner = f"<w:tbl><w:tr><w:tc><w:p>{run_of('deep')}</w:p></w:tc></w:tr></w:tbl>"
    table = (
        f"<w:tbl {W}><w:tr><w:tc><w:p>{run_of('outer')}</w:p>{inner}</w:tc>"
        f"<w:sdt><w:sdtContent><w:tc><w:p>{run_of('held')}</w:p></w:tc></w:sdtContent></w:sdt>"
        "</w:tr></w:tbl>"
    )
    for place, one in enumerate(
        [
            paragraph_of(tracked),
            parse_xml(control),
            paragraph_of(run_of("Beside ") + drawn("In a box.") + run_of("it.")),
            parse_xml(table),
        ]
    ):
        body.insert(place, one)
    section = made.sections[0]
    section.header.paragraphs[0].text = "On every page."
    section.footer.paragraphs[0].text = "Below every page."
    out = BytesIO()
    made.save(out)

    assert placed(words("a.docx", out.getvalue())) == [
        (Form.PROSE, 1, "On every page."),
        (Form.PROSE, 1, "Below every page."),
        (Form.PROSE, 1, "It finds nodules."),
        (Form.PROSE, 2, "In a control."),
        (Form.PROSE, 3, "Beside it."),
        (Form.PROSE, 3, "In a box."),
        (Form.ITEM, 4, "outer deep; held"),
    ]


def test_a_note_of_a_docx_is_read_with_the_paragraph_that_refers_to_it():
    made = docx(("Normal", "Before."))
    mark = "<w:r><w:footnoteReference w:id='7'/></w:r>"
    note = f"<w:footnote w:id='7'><w:p>{run_of('Not in children.')}</w:p></w:footnote>"
    notes = f"<w:footnotes {W}>{note}</w:footnotes>"
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    document = Docx(BytesIO(made))
    document.element.body.insert(1, paragraph_of(run_of("Use in adults.") + mark))
    part = Part(PackURI("/word/footnotes.xml"), kind, notes.encode(), document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    out = BytesIO()
    document.save(out)

    assert placed(words("a.docx", out.getvalue())) == [
        (Form.PROSE, 1, "Before."),
        (Form.PROSE, 2, "Use in adults."),
        (Form.PROSE, 2, "Not in children."),
    ]


def test_pages_without_text_are_known():
    said = words("a.pdf", pdf(["Words."], [], ["More words."]))

    assert said.silent == (2,)


def encrypted():
    writer = PdfWriter()
    writer.append(PdfReader(BytesIO(pdf(["Words."]))))
    writer.encrypt("secret", algorithm="RC4-128")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def inflating(n_bytes):
    """A PDF whose one page unpacks to many bytes."""
    packed = zlib.compress(b"BT (x) Tj ET " * (n_bytes // 13), 9)
    stream = b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed)
    return _assembled(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Count 1 /Kids [4 0 R] >>",
            stream,
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 3 0 R >>",
        ]
    )


def bomb(n_bytes):
    """A DOCX whose text unpacks to many bytes."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", b"<a>" + b" " * n_bytes)
    return out.getvalue()


def endless():
    """A PDF whose pages are their own children."""
    return _assembled(
        [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 9 /Kids [2 0 R 2 0 R] >>"]
    )


@pytest.mark.parametrize(
    ("name", "data", "what"),
    [
        ("a.pdf", b"no PDF at all", "it is damaged"),
        ("a.pdf", pdf(["x"])[:200], "it is damaged"),
        ("a.pdf", encrypted(), "it is encrypted"),
        ("a.pdf", pdf([]), "no text can be taken from it"),
        ("a.pdf", inflating(200_000_000), "no text can be taken from it"),
        ("a.pdf", endless(), "it is damaged"),
        ("a.docx", b"PK\x03\x04 no zip", "it is damaged, or no DOCX at all"),
        ("a.docx", b"\xd0\xcf\x11\xe0", "it is encrypted, or of the older form .doc"),
        ("a.docx", bomb(80_000_000), "it unpacks to more than labeling needs"),
        ("a.docx", bomb(1_000), "it is damaged"),
        ("a.docx", docx(("Normal", "")), "it holds no text"),
    ],
    ids=range(11),
)
def test_a_file_that_is_damaged_locked_or_a_bomb_is_named_and_nothing_more(name, data, what):
    with pytest.raises(UnreadableError) as caught:
        words(name, data)

    form = name[2:].upper()
    assert caught.value.code == "R001"
    assert caught.value.what == f"this {form} cannot be read: {what}"


def test_a_missing_library_is_named_with_its_extra(monkeypatch):
    monkeypatch.setattr(apart, "find_spec", lambda _: None)

    with pytest.raises(UnreadableError) as caught:
        words("a.pdf", b"")

    assert caught.value.code == "R002"
    assert caught.value.what == "reading PDF needs the extra `labeling`, which is not installed"
    assert caught.value.mend == "pip install 'defensible[labeling]'"


def test_lone_files_are_all_read_or_all_their_problems_are_told(tmp_path):
    (tmp_path / "a.md").write_text("Words.", encoding="utf-8")
    (tmp_path / "b.odt").write_bytes(b"x")
    (tmp_path / "c.html").write_bytes(b"\xff")

    names = ["a.md", "b.odt", "c.html", "d.md"]
    with pytest.raises(DossierError) as caught:
        lone([tmp_path / one for one in names])

    assert [one.text for one in lone([tmp_path / "a.md"])] == ["Words."]
    assert [(one.file.rsplit("/", 1)[1], one.code) for one in caught.value.problems] == [
        ("b.odt", "R003"),
        ("c.html", "D003"),
        ("d.md", "D002"),
    ]
