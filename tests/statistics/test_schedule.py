"""Simulated schedules: laws of order and people, and figures known from theory."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from defensible.statistics.schedule import Task, pert, quantile_interval, simulate, swing


def fixed(*, after: tuple[int, ...] = (), crew: str | None = None) -> Task:
    return Task(low=4, likely=4, high=4, after=after, crew=crew)


@st.composite
def projects(draw):
    tasks = []
    for at in range(draw(st.integers(2, 8))):
        low, likely, high = sorted(draw(st.tuples(*[st.integers(0, 30)] * 3)))
        after = draw(st.sets(st.integers(0, at - 1))) if at else set()
        crew = draw(st.sampled_from([None, "one", "two"]))
        tasks.append(Task(low=low, likely=likely, high=high, after=tuple(after), crew=crew))
    return tasks, {"one": 1, "two": 2}


@given(projects(), st.data())
@settings(max_examples=150)
def test_a_further_dependency_never_brings_an_end_forward(project, data):
    tasks, people = project
    later = data.draw(st.integers(1, len(tasks) - 1))
    before = data.draw(st.integers(0, later - 1))
    old = tasks[later]
    more = Task(
        low=old.low,
        likely=old.likely,
        high=old.high,
        after=(*old.after, before),
        crew=old.crew,
    )

    free = simulate(tasks, people, n_draws=50)
    bound = simulate([*tasks[:later], more, *tasks[later + 1 :]], people, n_draws=50)

    assert (bound.ends >= free.ends - 1e-9).all()


@given(projects())
def test_more_people_never_put_an_end_off(project):
    tasks, people = project

    few = simulate(tasks, people, n_draws=50)
    many = simulate(tasks, {"one": 2, "two": 5}, n_draws=50)

    assert (many.ends <= few.ends + 1e-9).all()


@given(projects())
def test_the_critical_tasks_fill_the_time_to_the_end_without_a_break(project):
    tasks, people = project

    found = simulate(tasks, people, n_draws=50)

    filled = (found.durations * found.critical).sum(axis=0)
    assert filled == pytest.approx(found.finish, abs=1e-9)


def test_one_person_does_one_thing_after_the_other_and_two_do_both_at_once():
    pair = [fixed(crew="lead"), fixed(crew="lead")]

    assert simulate(pair, {"lead": 1}, n_draws=1).finish[0] == 8.0
    assert simulate(pair, {"lead": 2}, n_draws=1).finish[0] == 4.0


def test_more_people_than_tasks_take_no_more_memory():
    pair = [fixed(crew="lead"), fixed(crew="lead")]

    assert simulate(pair, {"lead": 10**12}, n_draws=1).finish[0] == 4.0


def test_durations_have_the_mean_of_pert():
    drawn = pert(Task(low=10, likely=20, high=60), 40_000, seed=(1,))

    # sd of this beta: sqrt((25 - 10)(60 - 25) / 7) = 8.66; the bound is four standard errors
    assert drawn.mean() == pytest.approx(25, abs=4 * 8.66 / 200)
    assert drawn.std() == pytest.approx(8.66, abs=0.15)


def test_work_of_an_event_takes_time_in_as_many_schedules_as_its_chance_says():
    repeat = Task(low=4, likely=4, high=4, after=(0,), event="change")
    tasks = [fixed(), repeat, fixed(after=(0, 1))]

    found = simulate(tasks, {}, chances={"change": 0.3}, n_draws=10_000)

    assert set(found.finish.tolist()) == {8.0, 12.0}
    # four standard errors of a share of 0.3 in 10,000
    assert (found.finish == 12.0).mean() == pytest.approx(0.3, abs=4 * (0.21 / 10_000) ** 0.5)
    assert found.criticality[1] == (found.finish == 12.0).mean()


def test_work_of_an_event_that_does_not_happen_keeps_nobody_waiting():
    busy = Task(low=9, likely=9, high=9, crew="lead")
    repeat = Task(low=4, likely=4, high=4, after=(0,), crew="lead", event="change")
    tasks = [busy, repeat, fixed(after=(1,)), fixed(crew="lead")]

    found = simulate(tasks, {"lead": 1}, chances={"change": 0.0}, n_draws=1)

    assert found.ends[:, 0].tolist() == [9.0, 0.0, 4.0, 13.0]


@given(projects(), st.floats(0, 1), st.floats(0, 1))
def test_a_greater_chance_never_brings_an_end_forward(project, one, other):
    tasks, people = project
    last = len(tasks)
    repeat = Task(low=1, likely=5, high=9, after=(last - 1,), crew="one", event="change")
    tasks = [*tasks, repeat, fixed(after=(last,), crew="one")]
    low, high = sorted((one, other))

    rare = simulate(tasks, people, chances={"change": low}, n_draws=50)
    often = simulate(tasks, people, chances={"change": high}, n_draws=50)

    assert (often.finish >= rare.finish - 1e-9).all()


def test_a_named_task_keeps_its_draws_whatever_stands_before_it():
    task = Task(low=1, likely=5, high=30, name="data")
    other = Task(low=2, likely=3, high=4, name="protocol")

    alone, among = simulate([task], {}), simulate([other, task], {})

    assert (alone.durations[0] == among.durations[1]).all()


@given(projects())
def test_nobody_does_two_things_at_once(project):
    tasks, people = project

    found = simulate(tasks, people, n_draws=5)

    for crew, n in people.items():
        mine = [at for at, one in enumerate(tasks) if one.crew == crew]
        for draw in range(5):
            spans = [(found.starts[at, draw], found.ends[at, draw]) for at in mine]
            for begin, _ in spans:
                at_work = sum(one <= begin < end for one, end in spans)
                assert at_work <= n


def test_the_task_that_varies_most_drives_the_end():
    found = simulate(
        [Task(low=1, likely=2, high=3), Task(low=1, likely=9, high=60, after=(0,))], {}
    )

    assert found.drive[1] > 0.95
    assert abs(found.drive[0]) < 0.2
    assert found.criticality.tolist() == [1.0, 1.0]


def test_the_swing_of_a_lone_task_is_the_mean_of_its_outer_fifths():
    found = simulate([Task(low=0, likely=5, high=10), fixed(after=(0,))], {}, n_draws=1000)

    ordered = np.sort(found.durations[0]) + 4
    expected = [ordered[:200].mean(), ordered[-200:].mean()]
    assert swing(found.durations[0], found.finish) == pytest.approx(expected)
    assert swing(found.durations[1], found.finish) == (found.finish.mean(),) * 2


def test_what_moves_the_end_less_than_chance_does_has_no_swing():
    rng = np.random.default_rng(3)
    ends = rng.normal(size=1000)

    assert swing(rng.normal(size=1000), ends) == (ends.mean(), ends.mean())


def test_nothing_to_do_is_done_at_once():
    assert simulate([], {}, n_draws=3).finish.tolist() == [0, 0, 0]


def test_the_interval_of_a_quantile_is_made_of_order_statistics():
    assert quantile_interval(np.arange(1000.0), 0.5) == (469.0, 531.0)


@pytest.mark.parametrize(
    ("tasks", "people", "draws", "said"),
    [
        ([Task(low=3, likely=2, high=4)], {}, 5, "in order"),
        ([fixed(after=(0,))], {}, 5, "earlier tasks"),
        ([fixed(crew="lead")], {}, 5, "among people"),
        ([fixed()], {"lead": 0}, 5, "people must be 1"),
        ([fixed()], {}, 0, "n_draws"),
        ([Task(low=1, likely=1, high=1, calendar=True)], {}, 5, "calendar days need"),
        ([Task(low=1, likely=1, high=1, event="change")], {}, 5, "chances must have change"),
    ],
)
def test_what_cannot_be_scheduled_is_named(tasks, people, draws, said):
    with pytest.raises(ValueError, match=said):
        simulate(tasks, people, n_draws=draws)
