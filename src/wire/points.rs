//! From the top of a body to the points that a wire lists above its dateline.
//!
//! They say the story in short and are written anew with each version. Only a dateline below them
//! tells them from a list that the story is made of.

use super::own::Own;
use super::rules::SETS;

/// No wire lists more.
const MOST: usize = 12;

/// No point is longer, in bytes.
const LONGEST: usize = 240;

/// Lines of furniture between the points and the dateline.
const BETWEEN: usize = 4;

/// What stands before a point.
const MARKS: [char; 4] = ['*', '•', '·', '▪'];

/// Where the points that `text` opens with end: at the start of the line after the last.
pub(super) fn end(text: &str, own: &Own) -> Option<usize> {
    let text_starts = text.trim_start();
    if !text_starts.starts_with(MARKS) || !is_point(text_starts.lines().next()?) {
        return None;
    }
    let (mut at, mut last) = (0, 0);
    let (mut points, mut between) = (0, 0);
    for line in text.split_inclusive('\n') {
        at += line.len();
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        if is_point(line) && between == 0 {
            points += 1;
            last = at;
        } else if opens(line, own) {
            return (points <= MOST).then_some(last);
        } else if SETS.head.whole(line).is_some() && between < BETWEEN {
            between += 1;
        } else {
            return None;
        }
        if points > MOST {
            return None;
        }
    }
    None
}

fn is_point(line: &str) -> bool {
    let rest = line.trim_start_matches(MARKS);
    let marks = line[..line.len() - rest.len()].chars().count();
    (1..=2).contains(&marks) && rest.starts_with([' ', '\u{a0}', '\t']) && line.len() <= LONGEST
}

/// Whether a dateline opens `line`.
fn opens(line: &str, own: &Own) -> bool {
    let found = SETS.open.prefix(line).or_else(|| own.opening(line, |line| SETS.open.prefix(line)));
    found.is_some_and(|(_, found)| found.end > 0)
}

#[cfg(test)]
mod tests {
    use super::super::strip;
    use crate::story::Story;

    fn left(body: &str) -> String {
        let mut story = Story::new("x", body);
        strip(&mut story);
        story.body
    }

    #[test]
    fn points_above_a_dateline_are_no_text() {
        let text = "The council voted on Tuesday.\n\nThe repair costs 4.2 million.";
        for head in [
            "* Quay shut for eleven weeks\n* Boats go to Osterby\n\nBy Ada Lund\nLINDMARK, April 30 (Reuters) - ",
            "(Adds detail)\n\n* One\n\n* Two\n\n* Three\n\n* Four\n\n* Five\n\n* Six\n\nLINDMARK (AP) — ",
            "• Причал закрыт\n• Суда уйдут в Остербю\nМИНСК, 30 апреля. /ТАСС/. ",
        ] {
            assert_eq!(left(&format!("{head}{text}")), text, "{head}");
        }
    }

    #[test]
    fn a_list_that_is_the_story_stays() {
        let lists = [
            "* Quay shut for eleven weeks\n* Boats go to Osterby\n\nThe council voted on Tuesday.",
            "* Quay shut for eleven weeks\n* Boats go to Osterby",
            "The council voted:\n* Quay shut\n* Boats to Osterby\n\nLINDMARK is a port.",
        ];
        for body in lists
            .iter()
            .map(|body| (*body).to_owned())
            .chain([format!("{}LINDMARK (AP) — The council voted.", "* A point of many\n".repeat(13))])
        {
            assert_eq!(left(&body), body);
        }
    }
}
