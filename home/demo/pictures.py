"""Draw the demo's pictures: deterministic, without words or real people."""

from . import scenes, scenes_indoors
from .canvas import PALETTES, Canvas

#: Picture name to scene and palette.
PICTURES = {
    "musrenbang": (scenes_indoors.hall, "indoors"),
    "posyandu": (scenes_indoors.posyandu, "morning"),
    "jalan-desa": (scenes.road, "noon"),
    "antre-balai-desa": (scenes_indoors.queue, "morning"),
    "upacara": (scenes.ceremony, "noon"),
    "pelatihan": (scenes_indoors.workshop, "indoors"),
    "irigasi": (scenes.irrigation, "morning"),
    "rapat": (scenes_indoors.table_talk, "indoors"),
    "gizi": (scenes_indoors.healthy_plate, "indoors"),
    "layanan-keliling": (scenes_indoors.mobile_service, "noon"),
    "arsip": (scenes_indoors.archive, "indoors"),
    "pemuda": (scenes.youth, "evening"),
    "panen": (scenes.harvest, "harvest"),
    "angin-hujan": (scenes.storm, "storm"),
    "gotong-royong": (scenes.village_work, "noon"),
    "pasar": (scenes.market, "noon"),
    "sawah-pagi": (scenes.terraces, "morning"),
    "sawah-siang": (scenes.terraces, "noon"),
    "sawah-senja": (scenes.terraces, "evening"),
}


def draw(name: str) -> bytes:
    """Return the picture as a JPEG of 1600 by 1000 pixels; the same bytes every time."""
    scene, light = PICTURES[name]
    canvas = Canvas(PALETTES[light])
    scene(canvas)
    return canvas.jpeg()
