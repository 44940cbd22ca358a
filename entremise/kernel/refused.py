from dataclasses import dataclass, field


@dataclass(eq=False)
class Refused(Exception):
    """A rule said no. Everything else that is raised is a bug.

    code: stable snake_case identifier; `doors.frame.words` holds its sentence, API clients receive it as is.
    params: plain values that the sentence names.
    where: the form field that the sentence belongs to, empty for the whole form.
    """

    code: str
    params: dict[str, object] = field(default_factory=dict)
    where: str = ""

    def __str__(self) -> str:
        return f"{self.code} {self.params}" if self.params else self.code
