"""Several endpoints, one error rate: adjusted p-values, and what is shown at a given alpha.

`alpha` is the chance of claiming anything false among all endpoints; p-values and alpha are of the
same side (one-sided with one-sided). Order and weights belong in the protocol, before the data.

Bonferroni, Holm and the fixed sequence are graphs: endpoints with a share of alpha each, and arrows
that say where the share goes once an endpoint is shown. `adjusted_bounds` has confidence bounds
that agree with the tests of any such graph, and `max_t` those of a bootstrap.

References
----------
Bretz, Maurer, Brannath, Posch. Statistics in Medicine 2009;28:586-604 (graphs).
Hochberg. Biometrika 1988;75:800-802.
Strassburger, Bretz. Statistics in Medicine 2008;27:4914-4927 (bounds).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from defensible.statistics.arrays import Floats, finite_floats, same_length

_SUM = 1e-9  # what shares and arrows may exceed 1 by, from rounding


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Graph:
    """Shares of alpha and where they go.

    Attributes
    ----------
    weights : float array, shape (n_endpoints,)
        Share of alpha of each endpoint at the start; they sum to at most 1.
    transitions : float array, shape (n_endpoints, n_endpoints)
        Row i says which part of endpoint i's share each other endpoint gets once i is shown. The
        diagonal is 0, a row sums to at most 1.

    Raises `ValueError` where these rules are broken.
    """

    weights: Floats
    transitions: Floats

    def __post_init__(self) -> None:
        w, g = np.asarray(self.weights), np.asarray(self.transitions)
        if w.ndim != 1 or w.size == 0 or g.shape != (w.size, w.size):
            raise ValueError(
                "weights must be a list and transitions a square of its size; "
                f"shapes {w.shape} and {g.shape} found"
            )
        if not (np.isfinite(w).all() and np.isfinite(g).all()) or min(w.min(), g.min()) < 0:
            raise ValueError("weights and transitions must be finite and 0 or above")
        if w.sum() > 1 + _SUM or g.sum(axis=1).max() > 1 + _SUM:
            raise ValueError(
                f"weights, and each row of transitions, must sum to at most 1; "
                f"{w.sum():g} and {g.sum(axis=1).max():g} found"
            )
        if np.diag(g).any():
            raise ValueError("the diagonal of transitions must be 0: no endpoint feeds itself")


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjusted:
    """Adjusted p-values of all endpoints, in the order given.

    Attributes
    ----------
    p, adjusted : tuple of float
        As given, and adjusted: an endpoint is shown where this is at or below alpha.
    shown : tuple of bool
        At `alpha`.
    alpha : float
        Familywise.
    method : str
        By its name in the field.
    """

    p: tuple[float, ...]
    adjusted: tuple[float, ...]
    shown: tuple[bool, ...]
    alpha: float
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustedBounds:
    """One-sided confidence bounds that agree with the tests, all true together.

    Attributes
    ----------
    bounds : tuple of float
        Lower bound of each endpoint. Where only some endpoints are shown, a shown one is bounded by
        its goal and no better: the rest of alpha was passed on.
    shown : tuple of bool
        The tests' answer; a shown endpoint's bound is at or above its goal, another's is not above.
    shares : tuple of float
        Alpha each bound was computed at; 0 where none was left (the bound is then minus infinity).
    method : str
        Of the tests.
    """

    bounds: tuple[float, ...]
    shown: tuple[bool, ...]
    shares: tuple[float, ...]
    method: str


def bonferroni(p: ArrayLike, *, alpha: float) -> Adjusted:
    """Bonferroni: p times the number of endpoints; its intervals are at level 1 - alpha / m.

    Parameters
    ----------
    p : float array, shape (n_endpoints,)
        In [0, 1].
    alpha : float in (0, 1)
        Familywise.

    Raises
    ------
    ValueError
        No endpoint, a p-value outside [0, 1], alpha outside (0, 1).
    """
    values = _checked(p, alpha)
    return _adjusted(values, values * values.size, alpha, "Bonferroni")


def holm(p: ArrayLike, *, alpha: float) -> Adjusted:
    """Holm's step-down procedure: never shows less than Bonferroni's. Errors as `bonferroni`."""
    values = _checked(p, alpha)
    return _adjusted(values, _stepped_down(values), alpha, "Holm")


def hochberg(p: ArrayLike, *, alpha: float) -> Adjusted:
    """Hochberg's step-up procedure, for endpoints that are independent or positively dependent.

    It has no simple bounds that agree with it: report Bonferroni's. Errors as `bonferroni`.
    """
    values = _checked(p, alpha)
    order = np.argsort(-values, kind="stable")
    stepped = np.minimum.accumulate(values[order] * np.arange(1, values.size + 1))
    adjusted = np.empty_like(values)
    adjusted[order] = stepped
    return _adjusted(values, adjusted, alpha, "Hochberg")


def fixed_sequence(p: ArrayLike, *, alpha: float) -> Adjusted:
    """Endpoints in the order given, each at full alpha, until the first that is not shown.

    Errors as `bonferroni`.
    """
    values = _checked(p, alpha)
    return _adjusted(values, np.maximum.accumulate(values), alpha, "fixed sequence")


def graphical(p: ArrayLike, graph: Graph, *, alpha: float) -> Adjusted:
    """Bretz and Maurer's graphical procedure.

    Parameters
    ----------
    p : float array, shape (n_endpoints,)
        In [0, 1].
    graph : Graph
        Of as many endpoints; `holm_graph` and `sequence_graph` make common ones.
    alpha : float in (0, 1)
        Familywise.

    Raises
    ------
    ValueError
        As `bonferroni`; also where the graph has another number of endpoints.
    """
    values = _checked(p, alpha)
    _fits(values, graph)
    return _adjusted(values, _graphical(values, graph), alpha, "graphical")


def gatekeeping(p: ArrayLike, *, n_primary: int, alpha: float) -> Adjusted:
    """Primary endpoints by Holm; once all of them are shown, the others by Holm at full alpha.

    A serial gate, exactly: as a graph it would need infinitely small arrows.

    Parameters
    ----------
    p : float array, shape (n_endpoints,)
        In [0, 1], primary endpoints first.
    n_primary : int
        How many are primary; 1 or more, fewer than all.
    alpha : float in (0, 1)
        Familywise.

    Raises
    ------
    ValueError
        As `bonferroni`; also where `n_primary` does not leave endpoints on both sides.
    """
    values = _checked(p, alpha)
    if not 1 <= n_primary < values.size:
        raise ValueError(
            f"n_primary must lie between 1 and {values.size - 1}, with others left; "
            f"{n_primary} found"
        )
    first, second = (_stepped_down(part) for part in np.split(values, [n_primary]))
    gated = np.maximum(second, first.max())
    return _adjusted(values, np.concatenate([first, gated]), alpha, "serial gatekeeping, Holm")


def holm_graph(n_endpoints: int) -> Graph:
    """Equal shares, passed on equally to all others."""
    n = _some(n_endpoints)
    transitions = (np.ones((n, n)) - np.eye(n)) / max(n - 1, 1)
    return Graph(weights=np.full(n, 1 / n), transitions=transitions)


def sequence_graph(n_endpoints: int) -> Graph:
    """All of alpha on the first endpoint, passed on to the next."""
    n = _some(n_endpoints)
    return Graph(weights=np.eye(n)[0], transitions=np.eye(n, k=1))


def adjusted_bounds(
    p: ArrayLike,
    goals: ArrayLike,
    bound_at: Callable[[int, float], float],
    graph: Graph,
    *,
    alpha: float,
) -> AdjustedBounds:
    """Lower confidence bounds that agree with the graph's one-sided tests.

    Parameters
    ----------
    p : float array, shape (n_endpoints,)
        One-sided p-values of the tests that each endpoint lies above its goal.
    goals : float array, shape (n_endpoints,)
        What each endpoint must clear.
    bound_at : function of (endpoint, alpha)
        Lower one-sided bound of an endpoint at a share of alpha, by the method of the tests (so
        that it clears the goal exactly where p is at or below that share).
    graph : Graph
        `holm_graph`, `sequence_graph`, or one's own.
    alpha : float in (0, 1)
        One-sided, familywise.

    Raises
    ------
    ValueError
        As `graphical`; also lengths that differ.
    """
    values, limits = _checked(p, alpha), finite_floats("goals", goals)
    same_length(p=values, goals=limits)
    _fits(values, graph)
    shown = _graphical(values, graph) <= alpha
    left = np.flatnonzero(~shown)
    shares = alpha * np.asarray(graph.weights, dtype=np.float64)
    if left.size:
        weights, _ = _reduced(graph, np.flatnonzero(shown))
        shares = np.where(shown, 0.0, alpha * weights)
    bounds = []
    for place, goal in enumerate(limits):
        if shown[place] and left.size:
            bounds.append(float(goal))
            continue
        bound = bound_at(place, float(shares[place])) if shares[place] > 0 else -np.inf
        bounds.append(max(float(goal), bound) if shown[place] else min(float(goal), bound))
    return AdjustedBounds(
        bounds=tuple(bounds),
        shown=tuple(bool(item) for item in shown),
        shares=tuple(float(item) for item in shares),
        method="graphical, bounds of Strassburger and Bretz",
    )


def _stepped_down(p: Floats) -> Floats:
    """Holm's adjusted p-values: `_graphical` with `holm_graph`, in O(n log n)."""
    order = np.argsort(p, kind="stable")
    adjusted = np.empty_like(p)
    adjusted[order] = np.maximum.accumulate(p[order] * np.arange(p.size, 0, -1))
    return np.minimum(adjusted, 1.0)


def _graphical(p: Floats, graph: Graph) -> Floats:
    """Adjusted p-values: endpoints leave in order of p over weight, the largest so far standing."""
    weights, transitions = _floats(graph.weights), _floats(graph.transitions)
    adjusted, standing = np.ones(p.size), 0.0
    inside = np.ones(p.size, dtype=np.bool_)
    while (inside & (weights > 0)).any():
        ratio = np.full(p.size, np.inf)
        open_ = inside & (weights > 0)
        ratio[open_] = p[open_] / weights[open_]
        place = int(np.argmin(ratio))
        standing = max(standing, min(float(ratio[place]), 1.0))
        adjusted[place] = standing
        inside[place] = False
        weights, transitions = _without(weights, transitions, place)
    return adjusted


def _reduced(
    graph: Graph, gone: np.ndarray[tuple[int, ...], np.dtype[np.int64]]
) -> tuple[Floats, Floats]:
    weights, transitions = _floats(graph.weights), _floats(graph.transitions)
    for place in gone:
        weights, transitions = _without(weights, transitions, int(place))
    return weights, transitions


def _without(weights: Floats, transitions: Floats, j: int) -> tuple[Floats, Floats]:
    """The graph once endpoint j is shown: its share and its arrows are passed on."""
    w = weights + weights[j] * transitions[j]
    # g_lk = (g_lk + g_lj g_jk) / (1 - g_lj g_jl), nothing where l is k or l and j feed each other
    into, out = transitions[:, j], transitions[j]
    loop = into * out
    g = transitions + np.outer(into, out)
    g = g / np.where(loop < 1, 1 - loop, 1)[:, None]
    g[loop >= 1] = 0
    np.fill_diagonal(g, 0)
    g[j], g[:, j], w[j] = 0, 0, 0
    return w, g


def _adjusted(p: Floats, adjusted: Floats, alpha: float, method: str) -> Adjusted:
    limited = np.minimum(adjusted, 1.0)
    return Adjusted(
        p=tuple(p.tolist()),
        adjusted=tuple(limited.tolist()),
        shown=tuple((limited <= alpha).tolist()),
        alpha=alpha,
        method=method,
    )


def _checked(p: ArrayLike, alpha: float) -> Floats:
    values = finite_floats("p", p)
    if values.size == 0:
        raise ValueError("p must hold one endpoint or more; it is empty")
    if values.min() < 0 or values.max() > 1:
        raise ValueError(f"p must lie in [0, 1]; {values.min():g} to {values.max():g} found")
    if not 0 < alpha < 1:
        raise ValueError(f"alpha must lie strictly between 0 and 1; {alpha} found")
    return values


def _fits(p: Floats, graph: Graph) -> None:
    if len(graph.weights) != p.size:
        raise ValueError(
            f"the graph must have as many endpoints as p; {len(graph.weights)} and {p.size} found"
        )


def _some(n: int) -> int:
    if n < 1:
        raise ValueError(f"one endpoint or more is needed; {n} found")
    return n


def _floats(values: Floats) -> Floats:
    return np.array(values, dtype=np.float64)
