"""The kinds of detectors, in the order in which they look. A new kind: one file, one line here. Pure."""

from monitoring.detectors.base import Detector
from monitoring.detectors.limits import Limits
from monitoring.detectors.novelty import Novelty

DETECTORS: dict[str, Detector] = {
    "limits": Limits(),
    "novelty": Novelty(),
}
