from entremise.buying.models.needs import Ballot, Brief, Need, Tender, TenderEnd
from entremise.buying.models.purchases import Allotment, Article, Purchase, Share

__all__ = ["Allotment", "Article", "Ballot", "Brief", "Need", "Purchase", "Share", "Tender", "TenderEnd"]
