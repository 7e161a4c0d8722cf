"""The policies kept beside what is tried: a few, no two of one name, as a text that an address or a file holds."""

import json
from dataclasses import dataclass, field, replace
from urllib.parse import quote

from arlib.apps.pages.simulator.tried import Tried, Who, share_of
from arlib.apps.visit.choices import Asked
from arlib.errors import ArlibError, Place
from arlib.simulation import policies_text, read_policies
from arlib.simulation.policies.policy import TODAY, Policy
from arlib.words import Language, say

MOST_KEPT = 4  # policies beside the one tried: more lines than that are not told apart
LONGEST_NAME = 60  # letters; more would fill the page
MOST_RATE = 0.3  # a year
_LONGEST_LINK = 7_000  # characters of a text as an address writes it: what is longer does not open again everywhere


@dataclass(frozen=True)
class Kept:
    """Policies side by side.

    Attributes:
        policies: at most `MOST_KEPT`, no two of one name, none of them today's terms.

    Raises:
        ArlibError: they are too many, or two have one name, or that of today's terms.
    """

    policies: tuple[Policy, ...] = ()

    def __post_init__(self) -> None:
        if len(self.policies) > MOST_KEPT:
            raise ArlibError(say("app.kept.full", policies=len(self.policies), most=MOST_KEPT))
        names = [policy.name for policy in self.policies]
        if TODAY.name in names or len(set(names)) < len(names):
            raise ArlibError(say("simulation.twice"))

    def keeping(self, policy: Policy, name: str = "") -> "Kept":
        """With one more, under a name, in place of what had it; under its own where the name is empty."""
        kept = replace(policy, name=name.strip()[:LONGEST_NAME] or policy.name)
        if any(each.name == kept.name for each in self.policies):
            return Kept(tuple(kept if each.name == kept.name else each for each in self.policies))
        return Kept((*self.policies, kept))

    def renamed(self, before: str, name: str) -> "Kept":
        """With one under another name; under the same where that is empty."""
        after = name.strip()[:LONGEST_NAME] or before
        return Kept(tuple(replace(each, name=after) if each.name == before else each for each in self.policies))

    def without(self, name: str) -> "Kept":
        """With one less."""
        return Kept(tuple(each for each in self.policies if each.name != name))

    @property
    def text(self) -> str | None:
        """As the text of an address, without a space it does not need; none where nothing is kept."""
        if not self.policies:
            return None
        return json.dumps(json.loads(policies_text(self.policies)), ensure_ascii=False, separators=(",", ":"))

    @property
    def fits_a_link(self) -> bool:
        """Whether an address holds them all."""
        return len(quote(self.text or "")) <= _LONGEST_LINK

    @classmethod
    def of(cls, text: str | None) -> "Kept":
        """Those of the text of an address; none where it is not one."""
        if not text:
            return cls()
        try:
            return cls(read_policies(f"\n{text}"))  # with a line break first it is never the name of a file
        except ArlibError:
            return cls()

    @classmethod
    def of_file(cls, name: str, content: bytes) -> "Kept":
        """The policies of a file a visitor has sent; today's terms, which change nothing, are not one.

        Raises:
            ArlibError: the file is no text, holds too many policies, or as `read_policies`.
        """
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as unreadable:
            raise ArlibError(say("simulation.policy.no_file", file=name)) from unreadable
        try:
            # With a line break first it is a text whatever is in it: a name would be read from the server's own disk.
            policies = read_policies(f"\n{text}")
        except ArlibError as wrong:
            raise ArlibError(problems=[replace(problem, place=Place(name)) for problem in wrong.problems]) from wrong
        return cls(tuple(policy for policy in policies if policy != TODAY))


@dataclass(frozen=True)
class Trial:
    """What the simulator was asked, on a ledger.

    Attributes:
        tried: what is tried.
        kept: the policies beside it.
        financing_rate: what money costs a year; 0 where it is not counted.
        segment: whose levers are moved.
        who: the customers of the ledger.
    """

    tried: Tried = field(default_factory=Tried)
    kept: Kept = field(default_factory=Kept)
    financing_rate: float = 0.0
    segment: str = ""
    who: Who = field(default_factory=Who)

    @classmethod
    def of(cls, asked: Asked, who: Who) -> "Trial":
        """What the texts of an address stand for on a ledger of these customers; what they say badly is as usual."""
        segment = asked.get("segment", "")
        return cls(
            tried=Tried.of(asked),
            kept=Kept.of(asked.get("kept")),
            financing_rate=share_of(asked.get("rate", ""), MOST_RATE) or 0.0,
            segment=segment if segment in who.segments else "",
            who=who,
        )

    def policy(self, language: Language) -> Policy:
        """What is tried, under the name it is kept by if it is, else a name no kept policy has."""
        policy = self.tried.policy(self.tried.label(language, self.who), self.who)
        for kept in self.kept.policies:
            if _same(kept, policy):
                return kept
        name, names, again = policy.name, {kept.name for kept in self.kept.policies}, 2
        while policy.name in names:
            policy, again = replace(policy, name=f"{name} ({again})"), again + 1
        return policy

    def others(self, language: Language) -> tuple[Policy, ...]:
        """The kept policies that are not the one tried."""
        tried = self.policy(language)
        return tuple(kept for kept in self.kept.policies if kept != tried)

    @property
    def absent(self) -> tuple[str, ...]:
        """The segments with levers of their own that the ledger does not have."""
        return tuple(segment for segment in self.tried.own if segment not in self.who.segments)


def _same(one: Policy, other: Policy) -> bool:
    """Whether two policies do the same, whatever they are called."""
    return replace(one, name="–") == replace(other, name="–")
