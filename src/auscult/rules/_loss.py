"""What a curve of losses tells, robustly: where it began, where it ended, its best, and its noise."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

MANY = 10  # samples at either end, all of one below all of the other
BEGIN = 5  # samples that say where the loss began: few, because a healthy loss leaves there at once
END_SHARE = 0.15  # the last steps that say where it ended
END_LEAST = 5  # samples in that window, at least
PER_WINDOW = 32  # places in a window's width where another begins, at most: what thousands of losses need
NEAR = 10  # samples beyond a window that tell its noise too
UNSURE = 3.0  # how much wider errors are taken, over the root of the samples their noise is known from
THROWN = 0.5  # of the first loss: how far above it the next ones lie where the first update threw them up
BACK = 0.1  # of the way from the best level to the end: a loss so high is no longer at its best
FELL = 0.01  # of the loss's size: a fall that counts
BLIND = 0.1  # of the loss's size: an error of the fall beyond which its two ends alone say nothing
ZERO = 3.0  # standard deviations of single losses: so near to zero a loss may begin and scatter about it
FAR_DOWN = 0.5  # of the first losses: what has come so far has learned
HIDDEN = 0.05  # of the loss's size: a fall that must not hide in the noise where one says that there was none
LIKELY = 2.0  # standard errors within which a fall may hide, where other evidence speaks for one
SURE = 4.0  # standard errors that tell a difference from noise


@dataclass(frozen=True)
class Level:
    """The middle of some neighbouring losses, and its standard error."""

    value: float
    error: float


@dataclass(frozen=True)
class Curve:
    """The finite losses of a run over steps, seen through medians so that single spikes do not count."""

    steps: np.ndarray  # (n,) ascending
    values: np.ndarray  # (n,) float64, finite

    def __len__(self) -> int:
        return len(self.steps)

    @cached_property
    def begin(self) -> Level:
        """Where the loss began: its first few values, or the first alone where the very first updates threw it up."""
        first = float(self.values[0])
        return Level(first, min(self.noise, abs(first) / 100)) if self.thrown else self._level(slice(0, BEGIN))

    @cached_property
    def thrown(self) -> bool:
        """Whether the first updates threw the loss far up, which one spike alone does not show."""
        if not len(self):
            return False
        first = float(self.values[0])
        second = float(np.sort(self.values[:BEGIN])[-2:][0])
        return second - first > max(SURE * self.noise, THROWN * abs(first))

    @cached_property
    def end(self) -> Level:
        """Where the loss ended."""
        return self.around(len(self) - self._width // 2 - 1)

    @cached_property
    def middle(self) -> Level:
        """Where the loss was half way through the steps."""
        return self.around(int(np.searchsorted(self.steps, self.steps[-1] / 2)))

    @cached_property
    def falls_of_thirds(self) -> tuple[float, float]:
        """By how much it fell in the middle third of the steps, and in the last."""
        first, second = (self.around(int(np.searchsorted(self.steps, self.steps[-1] * i / 3))).value for i in (1, 2))
        return first - second, second - self.end.value

    @cached_property
    def best(self) -> Level:
        """The lowest level the loss kept for as long as the window of its end."""
        lowest = int(self._windows[np.argmin(self.smooth)])
        return self._level(slice(lowest, lowest + self._width))

    @cached_property
    def best_step(self) -> int:
        """The step in the middle of the best level."""
        return int(self.steps[self._windows[np.argmin(self.smooth)] + self._width // 2])

    @cached_property
    def lost_since(self) -> int:
        """The step from which the losses stay above the best level by a tenth of the way from there to the end."""
        low = np.flatnonzero(self.values <= self.best.value + BACK * (self.end.value - self.best.value))
        return int(self.steps[min(int(low[-1]) + 1, len(self) - 1)])

    @cached_property
    def smooth(self) -> np.ndarray:
        """Running medians over the width of the end's window, at the places `_windows` begins."""
        return np.array([np.median(self.values[at : at + self._width]) for at in self._windows])

    @cached_property
    def noise(self) -> float:
        """Standard deviation of one loss around its level, from neighbouring differences in the later part."""
        return scatter(self.values[len(self) // 4 :])

    @property
    def fell(self) -> float:
        """How far the loss fell from begin to end; negative where it rose."""
        return self.begin.value - self.end.value

    @property
    def fell_error(self) -> float:
        """Standard error of `fell`."""
        return float(np.hypot(self.begin.error, self.end.error))

    @property
    def size(self) -> float:
        """A size to hold changes against: of the first losses, or of progress and noise where those are near zero."""
        return max(abs(self.begin.value), self.begin.value - self.best.value, 2 * self.noise, 1e-30)

    @cached_property
    def drift(self) -> Level:
        """How far the last third of the losses lies below the first third, or below the beginning if that is less.

        The few losses of the beginning count for no less than they may have been by chance.
        """
        third = max(1, len(self) // 3)
        first, last = self._level(slice(0, third)), self._level(slice(len(self) - third, len(self)))
        begin = self.begin.value + LIKELY * self.begin.error
        return Level(min(first.value, begin) - last.value, float(np.hypot(first.error, last.error)))

    @cached_property
    def settled(self) -> bool:
        """Whether the loss surely falls no longer: less than 1 % from the middle third of the steps to the last."""
        first, second = (int(np.searchsorted(self.steps, self.steps[-1] * share)) for share in (1 / 3, 2 / 3))
        if second - first < BEGIN or len(self) - second < BEGIN:
            return False
        middle, last = self._level(slice(first, second)), self._level(slice(second, len(self)))
        falls = middle.value - last.value + LIKELY * float(np.hypot(middle.error, last.error))
        return falls < FELL * self.size

    @cached_property
    def left_behind(self) -> bool:
        """Whether nine tenths of the losses of the last third lie above all of the first few.

        That is sure whatever noise they have: of 20 late losses and 5 early ones, by chance alone less than 1 time in
        2,000.
        """
        late = self.values[-(len(self) // 3) :]
        early = self.values[: 1 if self.thrown else BEGIN]
        return len(late) >= NEAR and float(np.quantile(late, 0.1)) > float(early.max())

    @property
    def progressed(self) -> bool:
        """Whether the loss fell by 1 % of its size and beyond its noise, at once or as a trend.

        Where it fell by half and the last ten losses all lie below the first ten, it is, however they scatter.
        """
        apart = len(self) >= 2 * MANY and self.values[:MANY].min() > self.values[-MANY:].max()
        if self.fell > max(FELL * self.size, SURE * self.fell_error) or (apart and self.fell > FAR_DOWN * self.size):
            return True
        drift = self.drift
        return self.fell > 0 and drift.value > max(FELL * self.size, SURE * drift.error)

    @property
    def about_zero(self) -> bool:
        """Whether it takes both signs and begins as near to zero as it scatters, or below it and ends so near."""
        early = scatter(self.values[: max(NEAR, len(self) // 10)])
        begins = abs(self.begin.value) < ZERO * early
        ends = self.begin.value < 0 and abs(self.end.value) < ZERO * self.noise
        return bool(self.values.min() < 0 < self.values.max()) and (begins or ends)

    @property
    def circles(self) -> bool:
        """Whether the last third of the losses lies no lower than the first, and not far below the beginning."""
        drift = self.drift
        return drift.value < max(FELL * self.size, SURE * drift.error) and self.end.value > FAR_DOWN * self.begin.value

    @property
    def stalled(self) -> bool:
        """Whether it surely did not fall much: no progress, and no room in the noise for as much as 5 %.

        Nor did it likely fall, by two standard errors. The first few losses alone may scatter too much to say so; then
        a flat course since the first third says it.
        """
        room, least = HIDDEN * self.size, FELL * self.size
        level = self.fell + LIKELY * self.fell_error < room and (
            self.fell_error < BLIND * self.size or self.left_behind
        )
        flat = self.drift.value + LIKELY * self.drift.error < room and all(
            fall < max(least, LIKELY * error)
            for fall, error in ((self.fell, self.fell_error), (self.drift.value, self.drift.error))
        )
        return not self.progressed and (flat or (level and self.fell < least))

    def leaves(self, level: Level) -> int:
        """The step from which the running median stays above a level for good; the last step where it does not."""
        below = np.flatnonzero(self.smooth <= level.value)
        first = min(int(below[-1]) + 1 if len(below) else 0, len(self._windows) - 1)
        at = int(self._windows[first]) + self._width // 2
        return int(self.steps[at])

    def around(self, at: int) -> Level:
        """The level in a window about the sample `at`, kept inside the curve."""
        first = min(max(0, at - self._width // 2), len(self) - self._width)
        return self._level(slice(first, first + self._width))

    @cached_property
    def _windows(self) -> np.ndarray:
        """Where the windows of the end's width begin: at every loss, or in steps of a small share of the width."""
        return np.arange(0, len(self) - self._width + 1, max(1, self._width // PER_WINDOW))

    @cached_property
    def _width(self) -> int:
        tail = int((self.steps > self.steps[-1] * (1 - END_SHARE)).sum())
        return min(len(self), max(END_LEAST, tail))

    def _level(self, window: slice) -> Level:
        values = self.values[window]
        around = self.values[max(0, window.start - NEAR) : window.stop + NEAR]
        unsure = 1 + UNSURE / len(around) ** 0.5
        return Level(float(np.median(values)), 1.25 * unsure * scatter(around) / len(values) ** 0.5)


def scatter(values: np.ndarray) -> float:
    """The standard deviation of normal noise that neighbours' differences tell, whatever trend the values have.

    The median of absolute differences is .954 standard deviations; spikes and steps hardly change it.
    """
    if len(values) < 3:
        return 0.0
    return float(np.median(np.abs(np.diff(values)))) / 0.954
