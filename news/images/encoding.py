"""Encode AVIF at a fast setting; at the default the first reader of a page would wait for seconds."""

from willow.image import AvifImageFile
from willow.plugins.pillow import PillowImage

#: 0 (slow) to 10: hardly larger files than at the default of 6, ten times as fast.
SPEED = 9
#: Modes that the encoder takes; Willow converts others.
_PLAIN = {"RGB", "RGBA"}


class QuickImage(PillowImage):
    """Willow image whose AVIF encoder uses ``SPEED``."""

    @PillowImage.operation
    def save_as_avif(self, f, quality=80, lossless=False, apply_optimizers=True):
        if lossless or self.image.mode not in _PLAIN:
            return super().save_as_avif(f, quality=quality, lossless=lossless, apply_optimizers=apply_optimizers)
        profile = self.image.info.get("icc_profile")
        self.image.save(f, "AVIF", quality=quality, speed=SPEED, **({"icc_profile": profile} if profile else {}))
        return AvifImageFile(f)
