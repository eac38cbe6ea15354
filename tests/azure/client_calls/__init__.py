"""What people call, call by call: each is tried with the unmodified clients, and checked.

A call logs something and reads it back through the clients. It knows nothing of amlflow and nothing
of tests: a child process runs it wherever MLflow points to, and reports what came of it.
"""

from client_calls.registry import CALLS, Call, call
from client_calls.report import Outcome, Report
from client_calls.workplace import Workplace

__all__ = ["CALLS", "Call", "Outcome", "Report", "Workplace", "call"]
