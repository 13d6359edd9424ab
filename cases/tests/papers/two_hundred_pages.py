"""The papers of a complaint as they come: reports in text, scans, and photos of a telephone."""

import io
from functools import cache

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from cases.operations.typesetting import set_paper
from cases.rules.blocks import Block, Heading, NewPage, Paragraph
from cases.rules.papers import plain_paper
from cases.tests.factories import MONDAY_MORNING

REPORTS, SCANS, PHOTOS = 6, 3, 20
PAGES_EACH = 20
PAGES = (REPORTS + SCANS) * PAGES_EACH + PHOTOS
SENTENCE = "The surveyor looked at the wall of the bathroom and found the plaster wet behind it. "
A4_AT_150 = (1240, 1754)
OF_A_TELEPHONE = (4000, 3000)


@cache
def report() -> bytes:
    """Return a PDF of twenty pages, full of text."""
    blocks: list[Block] = []
    for number in range(1, PAGES_EACH + 1):
        blocks += [Heading(f"Visit {number}"), *[Paragraph((SENTENCE * 4,))] * 3, NewPage()]
    paper = plain_paper("Report", blocks[:-1], author="Surveyors", footer="Report")
    return set_paper(paper, at=MONDAY_MORNING)


@cache
def scan() -> bytes:
    """Return a PDF of twenty pages that are pictures, as a copier makes them."""
    page = Image.effect_noise(A4_AT_150, 5)
    pen = ImageDraw.Draw(page)
    for line in range(60, A4_AT_150[1], 30):
        pen.text((80, line), SENTENCE, fill=0)
    whole = io.BytesIO()
    page.save(
        whole,
        "PDF",
        save_all=True,
        append_images=[page] * (PAGES_EACH - 1),
        resolution=150,
        quality=60,
    )
    return whole.getvalue()


@cache
def photo() -> bytes:
    """Return a photo of twelve million dots that lies on its side."""
    exif = Image.Exif()
    exif[0x0112] = 6
    whole = io.BytesIO()
    noise = Image.effect_noise(OF_A_TELEPHONE, 12)
    Image.merge("RGB", [noise, noise, noise]).save(whole, "JPEG", exif=exif, quality=80)
    return whole.getvalue()


def uploads() -> list[SimpleUploadedFile]:
    """Return files of two hundred pages as they are sent: reports, scans and photos."""
    made = [
        *((f"report {number}.pdf", report()) for number in range(REPORTS)),
        *((f"scan {number}.pdf", scan()) for number in range(SCANS)),
        *((f"photo {number}.jpg", photo()) for number in range(PHOTOS)),
    ]
    return [SimpleUploadedFile(name, content) for name, content in made]
