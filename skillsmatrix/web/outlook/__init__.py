"""Behind and ahead: what to do this week, what is coming, what changed, and on whom cover hangs."""

from skillsmatrix.web.outlook import changes, hanging, strengths, trend, week
from skillsmatrix.web.outlook.blueprint import bp

__all__ = ["bp", "changes", "hanging", "strengths", "trend", "week"]
