"""Copy the text of a live item into the first draft of another: its words and pictures, not its days nor its proof."""

import copy
from uuid import uuid4

#: What comes along. Days, class, ralat, texts of channels, address and urgent information are written anew.
COPIED = (
    "lead",
    "category",
    "village",
    "main_image",
    "main_image_alt",
    "main_image_caption",
    "main_image_credit",
)


def copy_content(page) -> dict:
    """Return the fields of a draft that begins with the page's text; its blocks get keys of their own."""
    body = page.body.stream_block.to_python(_give_keys(copy.deepcopy(page.body.get_prep_value())))
    return {name: getattr(page, name) for name in COPIED} | {"body": body}


def _give_keys(value):
    """Replace the keys of blocks, by which comments and comparisons know those of one text."""
    if isinstance(value, list):
        return [_give_keys(item) for item in value]
    if isinstance(value, dict):
        is_block = {"type", "value", "id"} == value.keys()
        return {key: str(uuid4()) if is_block and key == "id" else _give_keys(item) for key, item in value.items()}
    return value
