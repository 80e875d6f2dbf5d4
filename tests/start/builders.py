"""Answers somebody might give, as visible literals."""

from diskarte.start import actions

CAFE = {
    1: {"trade": "cafe"},
    3: {"idea": "A small café in Marikina."},
    4: {
        "sells": "the neighbourhood café",
        "products": "Spanish latte 150\nBrewed barako ₱90\nBoard of the day",
    },
    5: {"customers": "office people nearby", "segments": ["0", "2"]},
    6: {"need": "want a table they are not chased from"},
    7: {"promise": "keeps you a table", "proof": "200 regulars come every week"},
    8: {"earns": "Drinks 60 %", "price_level": "middle"},
    9: {"rivals": "Kanto Milk Tea, The chain"},
    10: {"customers_a_month": "1,200", "followers_now": "850", "aims": ["guests", "followers"]},
    11: {
        "places": "Facebook: kapeniliza\nhttps://www.instagram.com/kapeniliza/",
        "hours": "6",
        "money": "3000",
    },
    12: {"voice": "1", "colour": "#7a3b1e"},
}


def answered(who, **more):
    """Every question answered as a café would."""
    for step, given in CAFE.items():
        row = actions.answer(who, step, **given)
    return row


def of(who, kind):
    return actions.proposals(who, kind)
