//! From any text, furniture-like or not, to what must hold of it.

use proptest::prelude::*;

use super::{Hits, prepare, prepared_again, strip};
use crate::story::Story;
use std::borrow::Cow;

/// Stretches that rules know, to be put together in any order.
const STRETCHES: [&str; 28] = [
    "MINSK, 24 Feb (BelTA) - ",
    "(Reuters) - ",
    "МИНСК, 24 февраля. /Корр. БЕЛТА/. ",
    "ТАСС, 17 мая. ",
    "新华社北京2月24日电",
    "واس- جدة: ",
    "UPDATE 2-",
    "СРОЧНО: ",
    " (дополнено)",
    ", 3rd Ld-Writethru,416",
    "By Jane Doe\n",
    "By Jane Doe, AP Writer",
    " (Reporting by Jane Doe; Editing by John Roe)",
    "Reporting by Jane Doe",
    "(AP Photo/Jane Doe)",
    "Фото: Анна",
    "© AFP",
    "(more)",
    "\n-30-\n",
    "\n",
    "\n\n",
    " ",
    "The mill will close",
    ". ",
    "(Adds quote)",
    "Читайте также: мост",
    "# dpa-Notizblock",
    " (PAP)",
];

fn text() -> impl Strategy<Value = String> {
    let stretch =
        prop_oneof![4 => prop::sample::select(&STRETCHES[..]).prop_map(str::to_owned), 1 => "\\PC{0,6}"];
    prop_oneof![prop::collection::vec(stretch, 0..14).prop_map(|all| all.concat()), any::<String>()]
}

#[test]
fn a_wide_blank_may_end_the_body() {
    let mut story = Story::new("x", "MINSK, 24 Feb (BelTA) - \n-30-\nReporting by Jane Doe\u{a0}");
    strip(&mut story);
    assert_eq!(story.body, "");
}

/// What [`nothing_grows_and_a_second_run_changes_nothing`] once drew.
#[test]
fn a_second_run_changes_nothing_of_what_was_drawn() {
    let drawn = "新华社北京2月24日电(AP Photo/Jane Doe). \n-30-\nMINSK, 24 Feb (BelTA) - ";
    // What cuts all below it leaves a last line that is the furniture of an end.
    let behind = " (дополнено) (Reporting by Jane Doe; Editing by John Roe)\n-30-\n# dpa-Notizblock\n-30-\n0";
    // What the top gives up of the second line is its end.
    let second = "The mill will closeBy Jane Doe\nMINSK, 24 Feb (BelTA) - Reporting by Jane Doe";
    // So may what it leaves of that line be furniture.
    let bared = "a\n新华社北京2月24日电(AP Photo/Jane Doe). \nMINSK, 24 Feb (BelTA) - ";
    // What an end leaves of a headline is a mark.
    let marked = "(more) (дополнено)";
    for (headline, body) in
        [(drawn, ""), ("", drawn), (drawn, drawn), ("", behind), ("", second), ("", bared), (marked, "")]
    {
        let mut story = Story { headline: headline.to_owned(), ..Story::new("p", body) };
        strip(&mut story);
        let once = story.clone();
        strip(&mut story);
        assert_eq!(story, once);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn nothing_grows_and_a_second_run_changes_nothing(headline in text(), body in text()) {
        let given = headline.len() + body.len();
        let mut story = Story { headline, ..Story::new("p", body) };
        strip(&mut story);
        let removed: usize = story.furniture.removed.iter().map(|r| r.text.len()).sum();
        prop_assert!(story.headline.len() + story.body.len() + removed <= given);
        let once = story.clone();
        strip(&mut story);
        prop_assert_eq!(once, story);
    }

    #[test]
    fn what_is_known_of_a_story_changes_nothing(headline in text(), body in text()) {
        let sent = Story { headline, ..Story::new("p", body) };
        let (first, hits) = prepared_again(Cow::Borrowed(&sent), false, Hits::default());
        prop_assert_eq!((&first, hits), (&prepared_again(Cow::Borrowed(&sent), false, hits).0, hits));
        prop_assert_eq!((&first, hits), (&prepared_again(Cow::Owned(sent.clone()), false, hits).0, hits));
        let is_copied = matches!(first, Cow::Owned(_));
        prop_assert!(sent.body.trim().is_empty() || is_copied == (*first != sent), "copied only where it differs");
        let mut ready = sent.clone();
        prepare(&mut ready, false);
        prop_assert_eq!(&*first, &ready);
    }

    #[test]
    fn credits_lie_in_the_text(text in text()) {
        for credit in super::credits(&text) {
            prop_assert!(text.get(credit.range).is_some_and(|phrase| !phrase.is_empty()));
        }
    }
}

/// Furniture in the thousands is taken out in one go, not line by line.
#[test]
fn many_lines_of_furniture_take_no_time() {
    let body = "-30-\n".repeat(100_000) + &"UPDATE 2-".repeat(50_000);
    let mut story = Story::new("p", body);
    strip(&mut story);
    assert!(story.body.is_empty());
}
