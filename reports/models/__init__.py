from reports.models.report import Report
from reports.models.review import Review
from reports.models.sample import SampleRequest

__all__ = ["Report", "Review", "SampleRequest"]
