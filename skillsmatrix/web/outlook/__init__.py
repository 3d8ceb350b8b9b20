"""Behind and ahead: what to do this week, what is coming, what changed, and on whom cover hangs."""

from skillsmatrix.web.outlook import changes, hanging, trend, week
from skillsmatrix.web.outlook.blueprint import bp

__all__ = ["bp", "changes", "hanging", "trend", "week"]
