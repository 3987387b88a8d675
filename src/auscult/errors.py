"""Every error auscult raises on purpose, in one tree.

    AuscultError
    ├── TargetError      what was given cannot be watched, looked into or treated
    │   └── NonFiniteError  values are not finite where a finite one is needed
    ├── TreatError       a remedy cannot be applied, and nothing was changed
    ├── CurvatureError   a loss as a function of the parameters cannot be computed or differentiated as asked
    ├── LandscapeError   a line or a surface of the loss cannot be drawn as asked
    ├── OptimError       an optimizer cannot be composed, loaded or asked as it was
    ├── LearnerError     a Learner was given what does not fit, or a checkpoint cannot be used
    ├── StudyError       a study cannot be made as it was asked for
    ├── SettingsError    a setting has a value it cannot take
    ├── LaunchError      a script cannot be run
    ├── RunError         a run cannot be found or read
    │   └── RunNotFound  there is no such run
    └── RuleError        there is no such rule

Each message is one line: what was wrong, what was got, what to do instead. The command line prints it and exits 2.
"""


class AuscultError(Exception):
    """Base of everything auscult raises on purpose."""


class TargetError(AuscultError):
    """What was given cannot be watched, looked into or treated."""


class NonFiniteError(TargetError):
    """Values are not finite where a finite one is needed."""


class TreatError(AuscultError):
    """A remedy cannot be applied; the model is as it was."""


class CurvatureError(AuscultError):
    """A loss as a function of the parameters cannot be computed or differentiated as asked; the model is as it was."""


class LandscapeError(AuscultError):
    """A line or a surface of the loss cannot be drawn as asked; the model is as it was."""


class OptimError(AuscultError):
    """An optimizer cannot be composed, loaded or asked as it was."""


class LearnerError(AuscultError):
    """A Learner was given what does not fit, or a checkpoint cannot be used."""


class StudyError(AuscultError):
    """A study cannot be made as it was asked for."""


class SettingsError(AuscultError):
    """A setting has a value it cannot take."""


class LaunchError(AuscultError):
    """A script cannot be run."""


class RunError(AuscultError):
    """A run cannot be read."""


class RunNotFound(RunError):
    """There is no such run."""


class RuleError(AuscultError):
    """There is no such rule."""
