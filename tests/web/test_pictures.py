"""Pictures as numbers: places on the page that mean what the table says."""

from datetime import date

import pytest

from skillsmatrix.web.shared.pictures import HEIGHT, LEFT, RIGHT, TOP, WIDTH, Series, line_chart, radar

DAYS = [date(2026, month, 1) for month in (9, 10, 11, 12)]
TODAY = date(2026, 11, 1)


def test_the_line_up_to_today_and_the_forecast_meet_today() -> None:
    chart = line_chart(DAYS, [Series("Short", [1, 2, 3, 4])], today=TODAY)

    [line] = chart.lines
    assert line.path.count("L") == 2  # three days to today
    assert line.ahead.startswith("M" + line.path.rpartition("L")[2])
    assert line.ahead.count("L") == 1
    assert chart.today == line.points[2].x


def test_the_first_day_is_at_the_left_and_the_last_at_the_right() -> None:
    [line] = line_chart(DAYS, [Series("Short", [0, 0, 0, 0])], today=TODAY).lines

    assert (line.points[0].x, line.points[-1].x) == (LEFT, WIDTH - RIGHT)
    assert {point.y for point in line.points} == {HEIGHT - 36}  # nothing stands on the ground


@pytest.mark.parametrize(
    ("highest", "marks"),
    [
        (3, ["0", "1", "2", "3", "4"]),
        (64, ["0", "20", "40", "60", "80"]),
        (100, ["0", "25", "50", "75", "100"]),
        (0, ["0", "1", "2", "3", "4"]),
    ],
)
def test_the_scale_has_round_whole_marks_and_room_for_the_highest(highest: int, marks: list[str]) -> None:
    chart = line_chart(DAYS, [Series("Short", [0, highest, 0, 0])], today=TODAY)

    assert [text for _height, text in chart.ticks] == marks
    assert min(point.y for point in chart.lines[0].points) >= TOP


def test_a_day_without_a_value_has_no_point() -> None:
    [line] = line_chart(DAYS, [Series("Met", [None, 50, None, 40])], today=TODAY, ceiling=100).lines

    assert len(line.points) == 2


def test_lines_that_end_together_have_names_that_do_not_cover_each_other() -> None:
    chart = line_chart(DAYS, [Series("One", [5] * 4), Series("Two", [5] * 4)], today=TODAY)

    heights = [line.label.y for line in chart.lines]
    assert abs(heights[0] - heights[1]) >= 16
    assert chart.lines[0].mark != chart.lines[1].mark


def test_a_forecast_alone_starts_at_its_first_day() -> None:
    [line] = line_chart(DAYS, [Series("Short", [1, 1, 1, 1])], today=date(2026, 8, 1)).lines

    assert line.path == ""
    assert line.ahead.count("L") == 3


def test_a_radar_reaches_its_edge_at_all_and_its_middle_at_nothing() -> None:
    picture = radar([("Law", 1.0), ("Medicines", 0.0), ("Safety", 0.5)])

    top = picture.dots[0]
    assert (top.x, top.y) == (picture.middle, picture.middle - picture.reach)
    assert (picture.dots[1].x, picture.dots[1].y) == (picture.middle, picture.middle)
    assert [percent for percent, _corners in picture.rings] == [25, 50, 75, 100]
    assert [axis.anchor for axis in picture.axes] == ["middle", "start", "end"]
