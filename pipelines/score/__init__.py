"""Findings of a machine → score, verdict and alerts. Pure: the same findings give the same answer, whoever asks."""

from pipelines.score.alerts import AlertSummary, alert_id, fold
from pipelines.score.odds import Item, Sum, add_up
from pipelines.score.standing import Standing, now_standing, worst_standing
from pipelines.score.weights import Weights, shipped

__all__ = [
    "AlertSummary",
    "Item",
    "Standing",
    "Sum",
    "Weights",
    "add_up",
    "alert_id",
    "fold",
    "now_standing",
    "shipped",
    "worst_standing",
]
