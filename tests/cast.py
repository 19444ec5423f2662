"""The standing cast. Zed is a stranger from another guild who must never get in."""

from dataclasses import dataclass
from functools import cache

from django.contrib.auth.hashers import make_password

from guild.dreamers.models import Dreamer
from guild.tenancy.context import tenant
from guild.tenancy.enums import Office
from guild.tenancy.models import Guild, Membership
from guild.tenancy.services import add_member, found_guild

PASSWORD = "a long walk by the harbour"
OFFICES = {
    "Ayla": (Office.DREAMER, Office.ARCHITECT, Office.STEWARD),
    "Finn": (Office.DREAMER, Office.TECHNICIAN),
    "Lara": (Office.DREAMER, Office.LEADER),
    "Ezra": (Office.DREAMER, Office.ENFORCER),
    "Mira": (Office.DREAMER,),
}


@dataclass(frozen=True)
class Cast:
    """Everybody's membership, with `.dreamer` and `.guild` at hand."""

    ayla: Membership
    finn: Membership
    lara: Membership
    ezra: Membership
    mira: Membership
    zed: Membership
    lantern: Guild
    harbour: Guild

    @property
    def members(self) -> tuple[Membership, ...]:
        """The members of the Lantern guild."""
        return (self.ayla, self.finn, self.lara, self.ezra, self.mira)


@cache
def hashed_password() -> str:
    """PASSWORD as an account holds it; hashed once a run, since that is slow on purpose."""
    return make_password(PASSWORD)


def account(name: str) -> Dreamer:
    """An account that can sign in with PASSWORD; its address counts as verified."""
    address = f"{name.lower()}@example.org"
    dreamer = Dreamer.objects.create(email=address, name=name, password=hashed_password())
    dreamer.emailaddress_set.create(email=dreamer.email, verified=True, primary=True)
    return dreamer


def join(guild: Guild, name: str, *offices: Office) -> Membership:
    """A new account's membership in `guild`."""
    dreamer = account(name)
    with tenant(guild=guild.pk):
        member = add_member(guild=guild.pk, dreamer=dreamer.pk, display_name=name, offices=offices)
    member.guild, member.dreamer = guild, dreamer
    return member


def settle_cast() -> Cast:
    """Two guilds and their members."""
    lantern = found_guild(name="The Lantern Guild", slug="lantern")
    harbour = found_guild(name="The Harbour Guild", slug="harbour")
    members = {name.lower(): join(lantern, name, *offices) for name, offices in OFFICES.items()}
    zed = join(harbour, "Zed", Office.DREAMER, Office.ARCHITECT, Office.STEWARD)
    return Cast(**members, zed=zed, lantern=lantern, harbour=harbour)
