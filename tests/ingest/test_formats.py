"""Texts as they come: each format becomes one text, and what cannot be read is refused in a sentence that says what to do."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given as whatever
from hypothesis import strategies as st

from graph.errors import BadFile
from ingest.text.formats import text_of

WORDS = "陕西省镁基新材料中试基地"


def written(folder: Path, name: str, raw: bytes) -> Path:
    path = folder / name
    path.write_bytes(raw)
    return path


# ---- TXT and HTML


@pytest.mark.parametrize(("encoding", "said"), [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("gb18030", "gb18030")])
def test_a_txt_is_read_in_the_usual_encodings(tmp_path: Path, encoding: str, said: str) -> None:
    read = text_of(written(tmp_path, "a.txt", f"{WORDS}\n２０２６年\n".encode(encoding)))
    assert read.text == f"{WORDS}\n２０２６年\n" and read.encoding.startswith(said)


def test_an_html_page_gives_its_main_part_one_line_a_block(tmp_path: Path) -> None:
    page = f"""<html><head><title>站点</title><style>p{{}}</style><script>var x = '脚本';</script></head><body><nav>首页 导航</nav>
      <h1>关于中试的通知</h1><div id="zoom"><p>第一段<b>{WORDS}</b>,<br>换行。</p><table><tr><td>甲</td><td>乙</td></tr></table></div>
      <footer>版权所有</footer></body></html>"""
    text = text_of(written(tmp_path, "a.html", page.encode())).text
    assert text.splitlines() == ["关于中试的通知", f"第一段{WORDS},", "换行。", "甲 乙"]


@pytest.mark.parametrize("page", ["<html><script>var a='有字';</script></html>", "<html><body><style>x</style></body></html>", "<p> </p>"])
def test_an_html_page_of_scripts_only_has_no_text(tmp_path: Path, page: str) -> None:
    with pytest.raises(BadFile, match=r"a\.html: no text was found in it"):
        text_of(written(tmp_path, "a.html", page.encode()))


@pytest.mark.parametrize("raw", [b"\x1f", b" \n\t\n", b"\x00" * 40, b"\x0b\x0c\x1c\x1d\x1e", "\u200b\ufeff\u3000\n".encode()])
def test_what_holds_no_word_is_refused(tmp_path: Path, raw: bytes) -> None:
    with pytest.raises(BadFile, match=r"a\.txt: .*(?:no text was found in it; give|the file is empty|neither UTF-8)"):
        text_of(written(tmp_path, "a.txt", raw))


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    for name in ("a.txt", "a.html", "a.docx", "a.pdf"):
        with pytest.raises(BadFile, match=name):
            text_of(written(tmp_path, name, b""))


# ---- DOCX


def test_a_docx_gives_paragraphs_and_tables_in_their_order_merged_cells_once(tmp_path: Path) -> None:
    from docx import Document

    made = Document()
    made.add_paragraph("关于认定中试基地的通知")
    grid = made.add_table(rows=2, cols=3)
    grid.cell(0, 0).merge(grid.cell(0, 1)).text = "名单"
    grid.cell(0, 2).text = "依托单位"
    for n, words in enumerate((WORDS, "西安交通大学", "2024年")):
        grid.cell(1, n).text = words
    made.add_paragraph("特此通知。")
    made.save(str(tmp_path / "a.docx"))
    rows = ["名单\t依托单位", f"{WORDS}\t西安交通大学\t2024年"]
    assert text_of(tmp_path / "a.docx").text.splitlines() == ["关于认定中试基地的通知", *rows, "特此通知。"]


def zipped(name: str, raw: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr(name, raw)
    return out.getvalue()


@pytest.mark.parametrize("raw", [
    b"PK\x03\x04broken", b"no zip at all", zipped("a.txt", b"x"), zipped("[Content_Types].xml", b"<not xml"), zipped("word/document.xml", b"<a/>"),
], ids=["cut short", "no zip", "no document", "no xml", "no paragraphs"])  # a zip holds the time: as a name, two workers would differ  # fmt: skip
def test_a_broken_docx_is_refused_saying_what_to_do(tmp_path: Path, raw: bytes) -> None:
    with pytest.raises(BadFile, match=r"a\.docx: it cannot be read as a DOCX file .*save it again"):
        text_of(written(tmp_path, "a.docx", raw))


# ---- PDF


def pdf(*lines: str) -> bytes:
    """A PDF of one page with these lines in its text layer; none makes a page without one."""
    codes = sorted({c for line in lines for c in line})
    shown = "\n".join(f"<{''.join(f'{codes.index(c) + 1:04x}' for c in line)}> Tj 0 -16 Td" for line in lines)
    stream = f"BT /F1 12 Tf 40 780 Td\n{shown}\nET".encode() if lines else b""
    mapped = "\n".join(f"<{n + 1:04x}> <{c.encode('utf-16-be').hex()}>" for n, c in enumerate(codes))
    cmap = ("/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def\n1 begincodespacerange <0000> <ffff> endcodespacerange\n"
            f"{len(codes)} beginbfchar\n{mapped}\nendbfchar endcmap end end").encode()  # fmt: skip
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
               b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
               b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
               b"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [6 0 R] /ToUnicode 7 0 R >>",
               b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X /DW 1000"
               b" /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>",
               b"<< /Length %d >>\nstream\n%s\nendstream" % (len(cmap), cmap)]  # fmt: skip
    out, places = b"%PDF-1.5\n", []
    for n, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (n, body)
    table = b"".join(b"%010d 00000 n \n" % p for p in places)
    return out + b"xref\n0 8\n0000000000 65535 f \n%strailer\n<< /Size 8 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (table, len(out))


def test_a_pdf_gives_its_text_layer_and_broken_lines_are_joined(tmp_path: Path) -> None:
    lines = ("关于中试基地的通知", "西安交通大学建设的陕西省镁基新材料中", "试基地位于⻄安市。")
    assert text_of(written(tmp_path, "a.pdf", pdf(*lines))).text.split() == [lines[0], lines[1] + lines[2]]


def test_a_pdf_without_a_text_layer_says_that_its_pages_are_pictures(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=r"a\.pdf: the PDF has no text layer .*OCR"):
        text_of(written(tmp_path, "a.pdf", pdf()))


def test_a_pdf_with_a_password_is_refused(tmp_path: Path) -> None:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf("中试"))))
    writer.encrypt("secret", algorithm="RC4-128")
    with (tmp_path / "a.pdf").open("wb") as f:
        writer.write(f)
    with pytest.raises(BadFile, match=r"a\.pdf: the PDF is protected by a password; save an unprotected copy"):
        text_of(tmp_path / "a.pdf")


def test_a_broken_pdf_is_refused_saying_what_to_do(tmp_path: Path) -> None:
    for raw in (b"%PDF-1.5\ngarbage", b"nothing", pdf("中试")[:200]):
        with pytest.raises(BadFile, match=r"a\.pdf: (?:it cannot be read as a PDF file|the PDF has no text layer)"):
            text_of(written(tmp_path, "a.pdf", raw))


@whatever(st.sampled_from(["a.html", "a.docx", "a.pdf"]), st.binary(max_size=300))
def test_no_bytes_make_a_document_fail_otherwise_than_by_refusing(tmp_path_factory: pytest.TempPathFactory, name: str, raw: bytes) -> None:
    path = written(tmp_path_factory.getbasetemp(), name, raw)
    try:
        assert text_of(path).text.strip()
    except BadFile as refused:
        assert name in refused.detail
