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
