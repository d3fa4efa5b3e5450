from pipelines.detect.behaviour.conditions import conditions, without

QUERY = """with a as (
  select * from flow where x = 1 and (y = 2 or z = 3)   -- and this is a comment
)
select m, count(*) from a
where k between 1 and 5
  and case when m and n then 1 else 2 end = 1
  and s <> ' and '
group by m
having count(*) > 3
order by m
"""


def test_conditions_are_told_apart() -> None:
    assert [condition.text for condition in conditions(QUERY)] == [
        "x = 1", "(y = 2 or z = 3)", "k between 1 and 5", "case when m and n then 1 else 2 end = 1", "s <> ' and '",
        "count(*) > 3",
    ]  # fmt: skip


def test_only_the_last_select_is_final() -> None:
    assert [condition.final for condition in conditions(QUERY)] == [False, False, True, True, True, True]


def test_lines_are_those_of_the_text() -> None:
    assert [condition.line for condition in conditions(QUERY)] == [2, 2, 5, 6, 7, 9]


def test_left_out_condition_is_true() -> None:
    third = conditions(QUERY)[2]
    assert "where true\n  and case" in without(QUERY, third)


def test_query_without_conditions_has_none() -> None:
    assert conditions("select 1 as x") == []
