"""From nothing to stories for a page: many reports, and one that would do harm."""

import json
import random

HOSTILE = {
    "script": "</script><script>window.harmed = 'script'</script>",
    "image": "<img src=x onerror=\"window.harmed = 'image'\">",
    "drawing": "<svg onload=\"window.harmed = 'drawing'\"></svg>",
    "comment": "<!-- <script> ]]> &lt;script&gt; javascript:window.harmed='link'",
    "template": "${window.harmed = 'template'} {{ 7 * 7 }} {% raw %}",
}


def hostile(folder):
    """Two versions of one report whose every field is an attack."""
    attack = " ".join(HOSTILE.values())
    words = "The ferry ran aground on a sandbar at the mouth of the river, forcing a rescue in swells that lasted until after midnight. Eleven people were treated for cuts and bruises, and one was taken to hospital with a broken wrist."
    lines = [
        {"id": f"{name}{attack}", "headline": f"Ferry {attack}", "source": f"{name} {attack}", "language": "en\"><script>",
         "date": f"2024-03-02T{hour}:00:00Z", "text": f"By {attack}\n\n{attack} {words}\n\n\"{attack},\" he said. {words}\n\n({name}; {attack})"}
        for name, hour in [("AAP", "08"), ("Post", "10")]
    ]
    path = folder / "hostile<b>.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines) + "<script>window.harmed = 'skipped'</script>\n", "utf-8")
    return path


def long_names(path):
    """Versions of one report under words, names and ids without an end, minutes apart."""
    word = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk" * 12
    text = "The trawler Kestrel sank in the bay of Ardmore on Friday after it had struck a rock, and the six men of its crew were taken off by a helicopter, the coast guard said. The owner, Ruth Okafor, said that 40 tonnes of fish were lost."
    sources = ["PA", "Reuters", "PA", "Ardmore and District Evening Chronicle and Advertiser", "PA", word, "Echo"]
    with open(path, "w", encoding="utf-8") as out:
        for n, source in enumerate(sources):
            story = {"id": f"{n}{word}" if n == 3 else f"k{n}", "headline": word if n in (0, 3) else "Trawler sinks off Ardmore", "source": source,
                     "date": f"2024-05-03T{8 + n // 2:02}:{n * 7 % 60:02}:00Z", "text": text.replace("40 tonnes", f"{40 + n} tonnes")}
            out.write(json.dumps(story) + "\n")


def many(path, reports, versions=3, words=120, seed=7):
    """So many reports of so many versions, each in words of its own."""
    draw = random.Random(seed)
    syllables = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "an", "en", "or")]
    vocabulary = ["".join(draw.choices(syllables, k=draw.randint(2, 4))) for _ in range(30_000)]
    sources = ["AFP", "Reuters", "TASS", "AAP", "dpa"] + [f"{name} {kind}" for name in ("Harbour", "Valley", "Prairie", "Northern", "Lake", "Coast", "Hill", "River", "Border", "Capital", "Old Town", "Island") for kind in ("Post", "Mail", "Courier", "Tribune", "Observer")]
    languages = ["en", "de", "ru", "ar", "zh"]
    with open(path, "w", encoding="utf-8") as out:
        for report in range(reports):
            text = draw.choices(vocabulary, k=words)
            start = 1_700_000_000 + report * 97
            language = languages[report % 11 % 5]
            for version in range(versions):
                if version:
                    text = list(text)
                    text[draw.randrange(words)] = draw.choice(vocabulary)
                body = " ".join(text).capitalize()
                out.write(json.dumps({
                    "id": f"r{report:05}-{version}", "headline": f"{' '.join(text[:7]).capitalize()}", "language": language,
                    "source": sources[(report * 7 + version * (1 + report % 5)) % len(sources)], "date": start + version * draw.randint(60, 20_000),
                    "text": f"{body}.\n\n{' '.join(reversed(text)).capitalize()}.",
                }) + "\n")


NOTICE = "The undersigned begs leave to inform the farmers of the valley that his new steam thresher will stand ready at the lower mill from the first of September, and that he asks one bushel in twenty for its use."
RIVER = "Early on Tuesday the river rose above the lower bridge, carried away the sheds of two tanners, and stood three feet deep in the nave of the old church before it began to fall again towards the evening."
ARABIC = "أعلنت البلدية يوم الأحد أن الجسر القديم سيغلق أمام المركبات لمدة ثلاثة أسابيع من أجل ترميم الأعمدة الحجرية وتدعيم الأساسات التي تضررت من الفيضان الأخير في فصل الربيع وأن المشاة وحدهم يعبرون"


def prose(draw, words):
    """Words that nothing else has."""
    return " ".join("".join(draw.choices("bdfglmnprst", k=1) + draw.choices("aeiou", k=1) + draw.choices("klmnrstv", k=1) + draw.choices("aeiou", k=1) + draw.choices("bdgklmnrst", k=1)) + str(draw.randrange(10)) for _ in range(words))


def travelling(path):
    """Papers that print a notice, a report of a flood, an Arabic one, and one that would do harm."""
    draw = random.Random(11)
    attack = " ".join(HOSTILE.values())
    harm = f"He swore \u202eot reve\u202c that {attack} \u0007 the whole of the cargo had been put on board in good order on the Monday before she sailed, and that nobody but the mate had the key of the hold"
    printed = [
        ("bee", "Bee", "1871-08-12", NOTICE), ("argus", "Argus", "1871-08-14", NOTICE), ("comet", "Comet", "1871-08-20", NOTICE.replace("one bushel", "two bushels")),
        ("dial", "Dial", "", NOTICE.replace("lower mill", "upper mill")),
        ("wire-1", "Wire", "1871-09-02T08:15:00Z", RIVER), ("argus-2", "Argus", "1871-09-02T10:00:00Z", RIVER), ("bee-2", "Bee", "1871-09-02", RIVER.replace("two tanners", "three tanners")),
        ("sahil", "صحيفة الساحل", "2024-03-03", ARABIC), ("noor", "النور", "2024-03-04", ARABIC.replace("ثلاثة", "أربعة")),
        ("harm-1<b>", f"Paper {attack}", "2024-05-01", harm), ("harm-2<b>", "Echo", "2024-05-02", harm.replace("Monday", "Tuesday")),
    ]
    with open(path, "w", encoding="utf-8") as out:
        for n, (id, source, date, passage) in enumerate(printed):
            story = {"id": id, "source": source, "headline": f"Of {id}" if n % 3 else "", "text": f"{prose(draw, 40)}.\n\n{passage}\n\n{prose(draw, 40)}.",
                     "url": ["https://paper.example/<b>?a=1", "javascript:window.harmed=1", ""][n % 3]}
            out.write(json.dumps(story | ({"date": date} if date else {})) + "\n")


def passages(path, families, printings, seed=5):
    """So many passages of two printings each, and one of so many."""
    draw = random.Random(seed)
    with open(path, "w", encoding="utf-8") as out:
        def put(id, n, passage, date):
            out.write(json.dumps({"id": id, "source": f"Paper {n % 70}", "date": date, "text": f"{prose(draw, 12)}. {passage} {prose(draw, 12)}."}) + "\n")
        for family in range(families):
            passage = prose(draw, 30)
            for copy in range(2):
                put(f"f{family:05}-{copy}", family * 7 + copy, passage, f"19{family % 40 + 10}-0{family % 9 + 1}-1{copy}")
        words = prose(draw, 34).split()
        for n in range(printings):
            put(f"wide-{n:04}", n, " ".join(word if i != n % 31 + 1 or n % 3 else f"other{n % 7}" for i, word in enumerate(words)), f"{1890 + n // 250}-{n % 12 + 1:02}-{n % 28 + 1:02}")


def crowd(path, versions=300, sources=47):
    """A report in so many versions by so many outlets, over three days, and one that has no hour."""
    draw = random.Random(3)
    words = prose(draw, 120).split()
    with open(path, "w", encoding="utf-8") as out:
        for n in range(versions):
            own = list(words)
            own[n % 110 + 5] = f"other{n}"
            date = "2024-05-06" if n == versions - 1 else 1_714_730_000 + n * n * 2 + n
            text = f"{'' if n == 0 else 'LONDON (Reuters) - '}{' '.join(own)}."
            out.write(json.dumps({"id": f"v{n:03}", "source": "Reuters" if n == 0 else f"Outlet {n % sources} of the District", "headline": f"Version {n}", "date": date, "text": text}) + "\n")
