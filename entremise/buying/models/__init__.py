from entremise.buying.models.needs import (
    Ballot,
    Brief,
    Need,
    Tender,
    TenderEnd,
)
from entremise.buying.models.purchases import (
    Allotment,
    Article,
    Purchase,
    Series,
    Share,
)
from entremise.buying.models.repeating import (
    Standing,
    StandingLine,
    StandingTurn,
)
from entremise.buying.models.supply import (
    Parcel,
    ParcelLine,
    SupplyLine,
)

__all__ = [
    "Allotment",
    "Article",
    "Ballot",
    "Brief",
    "Need",
    "Parcel",
    "ParcelLine",
    "Purchase",
    "Series",
    "Share",
    "Standing",
    "StandingLine",
    "StandingTurn",
    "SupplyLine",
    "Tender",
    "TenderEnd",
]
