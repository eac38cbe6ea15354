"""Everything amlflow raises on purpose.

::

    AmlflowError
    ├── ConnectionFailed      the target could not be reached or is not what it should be
    │   ├── Unreachable           nothing answered within the deadline
    │   ├── NotMlflow             something answered, but it is no MLflow server
    │   ├── AuthenticationRequired   who asks is not known there, or not any more
    │   └── NotAllowed            who asks is known, and may not
    ├── BadTarget             what was given to `connect` cannot be understood
    ├── BadConfiguration      a configuration file says something it must not
    ├── JournalError          the journal on this computer cannot be used
    │   └── JournalFull           it takes no more files
    ├── MissingAzure          what Azure ML needs is not installed
    └── TrackingError         what was asked of a run cannot be done
        └── StoreFailed           the workspace failed or refused, through no fault of the request

Each message is one sentence or two for the user: what is wrong, and what to do next. Magics turn
them into IPython's ``UsageError`` once, so that no traceback of ours is ever shown.
"""


class AmlflowError(Exception):
    """Base of all errors that amlflow raises on purpose."""


class ConnectionFailed(AmlflowError):
    """The target could not be reached, or is not what it should be."""


class Unreachable(ConnectionFailed):
    """Nothing answered within the deadline."""


class NotMlflow(ConnectionFailed):
    """Something answered, but it is not an MLflow server."""


class AuthenticationRequired(ConnectionFailed):
    """The server wants credentials, or refused those it got."""


class NotAllowed(ConnectionFailed):
    """The workspace knows who asks, and does not allow it."""


class BadTarget(AmlflowError):
    """What was given to ``connect`` cannot be understood."""


class BadConfiguration(AmlflowError):
    """A configuration file says something it must not."""


class JournalError(AmlflowError):
    """The journal on this computer cannot be used."""


class JournalFull(JournalError):
    """The journal takes no more files; values it takes still."""


class MissingAzure(AmlflowError):
    """What Azure ML needs is not installed."""


class TrackingError(AmlflowError):
    """What was asked of a run cannot be done."""


class StoreFailed(TrackingError):
    """The workspace failed or refused, through no fault of the request."""
