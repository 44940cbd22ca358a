from entremise.buying.models.purchases import Allotment, Article, Purchase, Share
from entremise.buying.models.supply import Parcel, ParcelLine, SupplyLine

__all__ = ["Allotment", "Article", "Parcel", "ParcelLine", "Purchase", "Share", "SupplyLine"]
