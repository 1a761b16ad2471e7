//! From the slug line of a wire to the keyword, by which all versions of one report go.

use crate::story::{FurnitureKind, Story};

/// The cycles of wires: for morning papers, for evening papers, for both, for members at any time.
const CYCLES: [&str; 4] = ["AM-", "PM-", "BC-", "AP-"];
/// Bytes of a keyword at least: what is shorter is a desk.
const SHORTEST: usize = 3;

/// The keyword of a story in lower case, without blanks and marks: `britaincrash` of *PM-Britain-Crash,
/// 10th Ld-Writethru, a0586*. Only where the line names a cycle: there the keyword is that of one story,
/// and a new lead goes out under it. Key words of other wires are subjects, which many stories share. The
/// line is that of the dispatch, else the one that stood above the text.
pub fn keyword(story: &Story) -> Option<String> {
    let sent = story.dispatch.as_ref().and_then(|dispatch| dispatch.slugline.as_deref());
    let above = || story.furniture.removed.iter().find(|removed| removed.kind == FurnitureKind::Slug);
    of_line(sent.or_else(|| Some(above()?.text.as_str()))?)
}

fn of_line(line: &str) -> Option<String> {
    let line = line.trim_start().trim_start_matches('^');
    let named = CYCLES.iter().find_map(|cycle| line.strip_prefix(cycle))?;
    let named = named.split([',', '(', '<', '\n']).next().unwrap_or_default();
    let keyword: String =
        named.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    (keyword.len() >= SHORTEST).then_some(keyword)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dispatch::Dispatch;

    #[test]
    fn a_new_lead_goes_under_the_keyword_of_the_first() {
        let lead = of_line("PM-Britain-Crash, 10th Ld-Writethru, a0586,0871");
        assert_eq!(lead.as_deref(), Some("britaincrash"));
        for line in ["AM-Britain-Crash,0471", "^BC-Britain-Crash<", "BC--Britain-Crash (1stLd)"] {
            assert_eq!(of_line(line), lead, "{line}");
        }
        assert_ne!(of_line("PM-Britain-Crash-Scene,0500"), lead);
    }

    #[test]
    fn subjects_are_no_keywords() {
        for line in ["BRITAIN-CRASH/", "Politik/Wahlen", "Landvik-ferries Urgent", "AM-", "BC-US", ""] {
            assert_eq!(of_line(line), None, "{line}");
        }
    }

    #[test]
    fn the_line_above_the_text_will_do() {
        let mut story = Story::new("x", "^BC-Ferry Aground<\nLANDVIK (AP) - A ferry ran aground on Sunday.");
        super::super::strip(&mut story);
        assert_eq!(keyword(&story).as_deref(), Some("ferryaground"));
        let slugline = Some("AM-Ferry, 1st Ld".to_owned());
        story.dispatch = Some(Box::new(Dispatch { slugline, ..Dispatch::default() }));
        assert_eq!(keyword(&story).as_deref(), Some("ferry"));
    }
}
