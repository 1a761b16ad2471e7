//! From a report to lines for people.
//!
//! A cluster is a line with its headline, one that says how many newsrooms have it, and a line a
//! member: what it is to the canonical, score, source, time, id. Then what was skipped, and one line of counts.

mod beside;
mod columns;
pub(crate) mod shown;

use super::message::SummaryMessage;
use super::newsrooms::Newsrooms;
use super::standing::Standings;
use super::ties::{MemberTie, Ties};
use super::{Cluster, Origin, Report, StoryInfo, Writer};
use columns::Columns;
use serde::Serialize;
use shown::{Ink, clean, fitted, isolated, two_decimals};
use std::fmt;
use std::io;
use unicode_width::UnicodeWidthStr;

/// Writes for people. The layout may change between versions; programs read another format.
#[derive(Clone, Copy, Debug, Default)]
pub struct Text {
    /// How wide and how colourful.
    pub style: Style,
    /// Whether stories that are in no cluster are listed.
    pub singles: bool,
    /// Whether pairs of different reports are listed.
    pub apart: bool,
}

/// What the reader's screen can do.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Style {
    /// Columns of the terminal. Headlines are cut to fit; without a width nothing is ever cut.
    pub width: Option<usize>,
    /// Whether to use ANSI colours.
    pub colour: bool,
}

/// Columns that a headline gets on the narrowest terminal.
const NARROWEST_HEADLINE: usize = 24;
/// Columns of what a member is, at least.
const NAME: usize = 10;
/// Columns that an id gets before sources are cut.
const SHORT_ID: usize = 24;

impl Writer for Text {
    fn write(&self, report: &Report, out: &mut dyn io::Write) -> io::Result<()> {
        let largest = report.clusters.iter().map(|cluster| cluster.members.len()).max();
        let page = Page {
            report,
            ties: Ties::of(report),
            standings: Standings::of(report),
            style: self.style,
            digits: largest.unwrap_or_default().to_string().len(),
        };
        for (cluster, newsrooms) in report.clusters.iter().zip(Newsrooms::all(report)) {
            page.title(cluster, out)?;
            page.newsrooms(cluster, newsrooms, out)?;
            page.members(cluster, out)?;
            writeln!(out)?;
        }
        if self.apart {
            page.apart(out)?;
        }
        if self.singles {
            page.singles(out)?;
        }
        page.skipped(out)?;
        writeln!(out, "{}", Counts(&SummaryMessage::from(report)))
    }
}

/// What all parts of one text need.
struct Page<'a> {
    report: &'a Report,
    ties: Ties<'a>,
    standings: Standings,
    style: Style,
    /// Digits of the largest cluster's size.
    digits: usize,
}

impl Page<'_> {
    /// The line of a cluster: `3 versions  HEADLINE  first SOURCE TIME  weakest 0.74`.
    fn title(&self, cluster: &Cluster, out: &mut dyn io::Write) -> io::Result<()> {
        let count = format!("{:>1$} versions", cluster.members.len(), self.digits);
        let canonical = self.report.story(cluster.canonical);
        let mut headline = clean(canonical.headline());
        if headline.is_empty() {
            headline = clean(&canonical.id);
        }
        let mut about = self.about(cluster, true);
        let mut gap = 2;
        if let Some(width) = self.style.width {
            let left = |about: &str| width.saturating_sub(count.len() + about.width() + 4);
            // On a narrow screen the time of the first goes, then all but the headline.
            for shorter in [self.about(cluster, false), String::new()] {
                if left(&about) < NARROWEST_HEADLINE {
                    about = shorter;
                }
            }
            let room = left(&about);
            headline = fitted(&headline, room);
            gap = if about.is_empty() { 0 } else { 2 + room - headline.width() };
        }
        writeln!(
            out,
            "{}  {}{:gap$}{}",
            self.paint(Ink::Count, &count),
            self.paint(Ink::Headline, &isolated(&headline)),
            "",
            self.paint(Ink::Aside, &about)
        )
    }

    /// `3 stories, 2 newsrooms, 1 of them independent of SOURCE`, where publishers are known.
    fn newsrooms(&self, cluster: &Cluster, newsrooms: Newsrooms, out: &mut dyn io::Write) -> io::Result<()> {
        let origin = match &cluster.origin {
            Some(Origin::Story(place)) => &self.report.story(*place).source,
            Some(Origin::Agency(name)) => name,
            None => "",
        };
        let told = newsrooms.told(&isolated(&clean(origin)));
        if told.is_empty() {
            return Ok(());
        }
        let told = format!("{}, {told}", counted(cluster.members.len(), "story", "stories"));
        let indent = self.digits + 1;
        let told = self.style.width.map_or(told.clone(), |width| fitted(&told, width.saturating_sub(indent)));
        writeln!(out, "{:indent$}{}", "", self.paint(Ink::Aside, &told))
    }

    /// Who had it first, and when if `timed`, and the weakest tie.
    fn about(&self, cluster: &Cluster, timed: bool) -> String {
        let weakest = format!("weakest {}", two_decimals(cluster.weakest));
        match &cluster.origin {
            Some(Origin::Story(place)) => {
                let story = self.report.story(*place);
                let who = if story.source.is_empty() { &story.id } else { &story.source };
                let time = if timed { minute(story) } else { String::new() };
                let space = if time.is_empty() { "" } else { " " };
                format!("first {}{space}{time}  {weakest}", isolated(&clean(who)))
            }
            Some(Origin::Agency(name)) => format!("from {}  {weakest}", isolated(&clean(name))),
            None => weakest,
        }
    }

    /// A line a member: the canonical, then the others as they came out.
    fn members(&self, cluster: &Cluster, out: &mut dyn io::Write) -> io::Result<()> {
        let mut members = cluster.members.clone();
        members.sort_by_key(|&place| {
            let time = self.report.story(place).time;
            (place != cluster.canonical, time.is_none(), time, place)
        });
        let tie = |place: u32| self.ties.get(place).filter(|_| place != cluster.canonical);
        let is = |place: u32| match tie(place) {
            Some(tie) => name(tie.relation),
            None if place == cluster.canonical => "canonical".to_owned(),
            None => String::new(),
        };
        let widest = members.iter().map(|&place| is(place).len()).max().unwrap_or_default().max(NAME);
        let indent = self.digits + 1;
        let columns = Columns::of(members.iter().map(|&place| self.report.story(place)));
        // What stands before the source, and the shortest of ids behind it.
        let columns = columns
            .within(self.style.width.map(|width| width.saturating_sub(indent + widest + 5 + SHORT_ID)));
        for place in members {
            let story = self.report.story(place);
            let score = tie(place).map(|tie| two_decimals(tie.pair.score)).unwrap_or_default();
            let what = format!("{:<widest$} {score:>4}", is(place));
            let (source, time) = (columns.source(story), columns.time(story));
            let flags = self.flags(story, place);
            let mut via = self.via(cluster, tie(place));
            let (mut id, mut address) = (clean(&story.id), address(story));
            if let Some(width) = self.style.width {
                let flags = flags.iter().map(|flag| flag.width() + 2).sum::<usize>();
                let room = width.saturating_sub(indent + what.len() + source.width() + time.width() + flags);
                if id.width() + via.width() + address.width() > room {
                    address.clear();
                }
                if id.width() + via.width() > room {
                    via.clear();
                }
                id = fitted(&id, room.max(1));
            }
            let row = format!(
                "{:indent$}{}{source}{}{}",
                "",
                self.paint(Ink::Relation, &what),
                self.paint(Ink::Aside, &time),
                isolated(&id),
            );
            let behind = self.paint(Ink::Aside, &format!("{via}{address}"));
            writeln!(out, "{row}{behind}{}", self.warned(&flags))?;
            self.changes(cluster, place, indent + 2, out)?;
        }
        Ok(())
    }

    /// The member by which another is tied, where that is not the canonical.
    fn via(&self, cluster: &Cluster, tie: Option<MemberTie<'_>>) -> String {
        let fellow = tie.map(|tie| tie.other).filter(|&other| other != cluster.canonical);
        fellow.map_or_else(String::new, |other| {
            format!("  via {}", isolated(&clean(&self.report.story(other).id)))
        })
    }

    /// What stands against the use of a story: the words of its sender, misread print, a kill, a
    /// correction.
    fn flags(&self, story: &StoryInfo, place: u32) -> Vec<String> {
        let noise = story.noise().map(|noise| format!("noisy print: {:.0} % of words", 100.0 * noise));
        let standings = self.standings.get(place).iter().map(|standing| standing.words().to_owned());
        story.flag().into_iter().chain(noise).chain(standings).collect()
    }

    fn warned(&self, flags: &[String]) -> String {
        flags.iter().flat_map(|flag| ["  ".to_owned(), self.paint(Ink::Warning, flag)]).collect()
    }

    fn singles(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let mut any = false;
        let alone = self.report.memberships();
        for (place, story) in
            (0..).zip(&self.report.stories).filter(|&(place, _)| alone[place as usize].is_none())
        {
            any = true;
            writeln!(
                out,
                "{}  {}{}{}",
                self.paint(Ink::Aside, "single"),
                isolated(&clean(&story.id)),
                self.paint(Ink::Aside, &address(story)),
                self.warned(&self.flags(story, place))
            )?;
        }
        if any { writeln!(out) } else { Ok(()) }
    }

    fn skipped(&self, out: &mut dyn io::Write) -> io::Result<()> {
        for skipped in &self.report.skipped {
            let place = clean(&skipped.place.to_string());
            let reason = clean(&skipped.reason);
            writeln!(out, "{} {place}: {reason}", self.paint(Ink::Warning, "skipped"))?;
        }
        if self.report.skipped.is_empty() { Ok(()) } else { writeln!(out) }
    }

    fn paint(&self, ink: Ink, text: &str) -> String {
        if self.style.colour { ink.paint(text) } else { text.to_owned() }
    }
}

/// The address of a story behind its id, with the gap before it, where that is another.
fn address(story: &StoryInfo) -> String {
    let is_told = !story.url.is_empty() && story.url != story.id;
    if is_told { format!("  {}", clean(&story.url)) } else { String::new() }
}

/// A name as the JSON forms spell it.
fn name(value: impl Serialize) -> String {
    struct Name<T>(T);
    impl<T: Serialize> fmt::Display for Name<T> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            self.0.serialize(f)
        }
    }
    Name(value).to_string()
}

/// The time of a story to the minute, in UTC, or its day; empty where it is not known.
fn minute(story: &StoryInfo) -> String {
    story.time.map_or_else(String::new, |time| {
        if time.is_day() { time.to_string() } else { time.start().strftime("%Y-%m-%d %H:%MZ").to_string() }
    })
}

/// `10 stories: 8 in 3 clusters, 2 single; 5 pairs; 2 records skipped`
struct Counts<'a>(&'a SummaryMessage);

impl fmt::Display for Counts<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let SummaryMessage { stories, clusters, clustered, pairs, skipped } = *self.0;
        write!(f, "{}: ", counted(stories, "story", "stories"))?;
        if clusters > 0 {
            write!(f, "{clustered} in {}, ", counted(clusters, "cluster", "clusters"))?;
        }
        write!(f, "{} single; {}", stories - clustered, counted(pairs, "pair", "pairs"))?;
        if skipped > 0 {
            write!(f, "; {} skipped", counted(skipped, "record", "records"))?;
        }
        Ok(())
    }
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

#[cfg(test)]
mod tests;
