"""The demo brand's facts, as somebody would type them. The brand, its people and its competitors are made up."""

from __future__ import annotations

from typing import Any

SHOP = "https://kapediwata.example"
CANVAS: dict[str, Any] = {
    "idea": "A small café and roastery in Quezon City that serves and ships coffee from Filipino farms.",
    "sells": "the café and online roastery for Philippine coffee",
    "customers": "students, office people and home brewers of Quezon City",
    "need": "want good coffee nearby, a place to stay and beans that are not months old",
    "promise": "names its farms, roasts every week and keeps you a table with a socket",
    "proof": "the farmer's name and the roast date stand on every bag, and 212 people come every week",
    "earns": "Two thirds from cups and merienda, a third from beans sold online; classes on Saturdays.",
    "price_level": "middle",
    "mission": "That a Filipino farmer can live from good coffee, and a Filipino student can afford it.",
    "tone": "Warm, short, a little cheeky. Taglish as people speak it; never salesy, never above anybody.",
    "colour": "#2f4f43",
}
VOICE = {
    "do": ["kape muna", "salamat", "kilala namin ang nagtanim", "table six"],
    "dont": ["premium experience", "artisanal journey", "best in town", "hurry"],
}
PRODUCTS = (
    ("Spanish latte", "165", "68", ""),
    ("Brewed barako", "95", "74", ""),
    ("Sagada Washed, 250 g", "450", "38", f"{SHOP}/sagada"),
    ("Drip bags, box of ten", "420", "42", f"{SHOP}/drip"),
    ("Beginner's brew kit", "1290", "31", f"{SHOP}/kit"),
    ("Home brewing class", "1150", "55", f"{SHOP}/class"),
)
# weeks ago, network, followers, posts a week, engagement a post, posts counted
Looks = tuple[tuple[int, str, int | None, float | None, float | None, int | None], ...]
RIVALS: tuple[tuple[dict[str, Any], Looks], ...] = (
    (
        {
            "name": "Bughaw Coffee Bar", "site": "https://bughaw.example", "price_level": "middle",
            "offer": "Bright corner café near the campus; iced drinks in blue cups.",
            "strengths": "Open until 2 a.m. in exam weeks", "weaknesses": "No beans to take home\nNo quiet hours",
            "source": "visited in October", "handles": ["practice: bughaw", "Instagram: @bughaw.example"],
        },
        (
            (48, "practice", 2950, 5.0, 88, 20), (34, "practice", 3240, 5.5, 92, 22),
            (18, "practice", 3610, 6.0, 97, 24),
            (1, "practice", 3980, 6.2, 101, 25), (1, "instagram", 12400, 5.0, 310, 20),
        ),
    ),
    (
        {
            "name": "Kanto Roasters", "site": "https://kanto-roasters.example", "price_level": "low",
            "offer": "Cheap, strong, fast: brewed coffee through a window, beans by the sack.",
            "strengths": "Half our price for a brewed cup", "weaknesses": "No seats\nThe roast date is nowhere",
            "source": "price list, November", "handles": ["practice: kanto.roasters"],
        },
        (
            (48, "practice", 1480, 2.0, 41, 8), (34, "practice", 1510, 2.0, 43, 8), (18, "practice", 1530, 1.5, 39, 6),
            (1, "practice", 1560, 1.8, 40, 7),
        ),
    ),
    (
        {
            "name": "Halcyon Beans", "site": "https://halcyon-beans.example", "price_level": "high",
            "offer": "Imported single origins in beautiful boxes, online only.",
            "strengths": "Beautiful photographs\nDelivers to all provinces",
            "weaknesses": "No Filipino farms\nRoasted abroad, three weeks old on arrival",
            "source": "ordered a bag in September", "handles": ["practice: halcyon.beans", "TikTok: @halcyon.example"],
        },
        (
            (48, "practice", 5100, 3.0, 150, 12), (34, "practice", 5800, 3.5, 171, 14),
            (18, "practice", 6700, 4.0, 190, 16),
            (1, "practice", 7450, 4.5, 214, 18),
        ),
    ),
)  # fmt: skip
HOME_BREWERS: dict[str, Any] = {
    "name": "Home brewers",
    "summary": "Owns more brewers than mugs, buys 250 g every two weeks, reads the label to the end.",
    "age_from": 22, "age_to": 45,
    "places": ["Metro Manila", "wherever a courier goes"], "languages": ["en", "fil"],
    "interests": ["pour-over", "gear", "Philippine coffee origins"],
    "jobs": ["make a cup at home that beats the café", "understand what they taste", "find a gift that is not a mug"],
    "pains": ["beans roasted months ago", "delivery dearer than the bag", "recipes that contradict each other"],
    "gains": ["roast date on the bag", "a recipe that works the first time", "somebody to ask"],
    "objections": ["the supermarket is cheaper", "I do not own a grinder"],
    "awake": "6-8, 12, 20-23", "networks": ["Instagram", "Facebook"],
}  # fmt: skip
BEAN_BUYERS = ["and:bought:sagada", "or:bought:drip bags", "or:bought:brew kit"]
MADE_UP = "made up for the demo"
# people; where that number is from (for home brewers it is counted in the simulated receipts); how we know the rest
KNOWN: dict[str, tuple[int | None, str, tuple[str, ...]]] = {
    "Office regulars": (
        3200, f"desks in the offices within ten minutes, counted by building ({MADE_UP})",
        (f"Eight talks at the counter between 8 and 9, October ({MADE_UP})",
         f"The tally of one week in October: 96 of 212 guests came in office hours ({MADE_UP})"),
    ),
    "Students and thesis crowd": (
        5400, f"enrolment of the two nearest colleges ({MADE_UP})",
        (f"Six talks at table six in exam week ({MADE_UP})",
         f"40 comments under our posts about quiet hours, read in November ({MADE_UP})"),
    ),
    "Weekend families": (
        1900, f"households of the barangay, its own count ({MADE_UP})",
        (f"Five talks on Sundays after ten ({MADE_UP})", f"Reservations of three months by phone ({MADE_UP})"),
    ),
    "Home brewers": (
        None, "customers who bought beans or gear: receipts of a year, simulated",
        ("Receipts of a year, simulated: what they buy and how often",
         f"Four talks after the brewing class, September ({MADE_UP})"),
    ),
}  # fmt: skip
HOOKS: tuple[tuple[Any, str, str], ...] = (
    (
        "proof",
        "The roast date is on the bag. Turn yours around and check.",
        "Older than ten days? We send a new one.",
    ),
    ("ease", "No grinder, no scale, no problem", "Drip bags: tear, hang, pour. First box at half price."),
    ("curiosity", "One gram changed this cup. Guess which way.", "A free brew card with every 250 g."),
    (
        "savings",
        "What a good cup at home really costs",
        "₱29 a cup from a 250 g bag, delivery included from two bags.",
    ),
    (
        "identity",
        "You own more brewers than mugs? You are home.",
        "The brewers' chat: beans before they reach the shop.",
    ),
)
# name, kind, people who follow them, price for one placement, topics, contact
PARTNERS: tuple[tuple[str, Any, int | None, str | None, list[str], str], ...] = (
    ("Katipunan Study Club", "community", 18400, None, ["study", "campus"], "@katstudyclub.example"),
    ("Lakad QC", "creator", 42300, "8500", ["walks", "food", "Quezon City"], "Mika, lakad@lakadqc.example"),
    ("Panaderia Luna", "brand", 9600, None, ["bread", "merienda"], "Luna, 0917 000 0000"),
    ("Merienda Diaries", "media", 61000, "14000", ["food", "reviews"], "editor@merienda.example"),
    ("Bisikleta Sundays", "community", 7200, None, ["cycling", "mornings"], "Dong, message first"),
)
# partner, title, kind, we give, worth, we get, worth, days from today, state
DEALS: tuple[tuple[str, str, Any, str, str, str, str, int, str], ...] = (
    ("Panaderia Luna", "Pandesal and barako mornings", "mutual", "A shelf at our counter, two posts", "3500",
     "A shelf at theirs, two posts", "3800", -40, "done"),
    ("Katipunan Study Club", "Exam week table", "barter", "Long table and refills for a week", "6000",
     "Three posts and a pinned link", "7500", -2, "live"),
    ("Panaderia Luna", "Christmas bread box", "barter", "200 drip bags", "5000",
     "200 loaves in our December boxes", "5200", -9, "checked"),
    ("Lakad QC", "Coffee walk along Maginhawa", "paid", "Fee and coffee for twenty walkers", "9500",
     "One reel, one story, the route on their map", "12000", 6, "agreed"),
    ("Merienda Diaries", "Barako is not bitter", "guest", "A recipe, photographs, a bag for every editor", "2500",
     "An article with a link", "14000", 18, "contacted"),
    ("Bisikleta Sundays", "Sunday start and finish", "mutual", "Racks, water, first cup", "2000",
     "Fifty riders every Sunday", "4000", 30, "idea"),
)  # fmt: skip
