//! From the name and the address of a story to the newsroom that printed it, and to which outlets
//! must not be tied: a table of the user's own over rules that are built in.

use super::agencies::agency;
use crate::error::{Error, Result};
use crate::hash;
use crate::story::Story;
use crate::time::Time;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Display, Formatter};

const SHARED_HOSTS: &str = include_str!("rules/shared_hosts.txt");

/// Labels before the country by which registries sort: `co.uk`, `com.au`, `gov.by`.
const SORTED: [&str; 18] = [
    "ac", "co", "com", "edu", "gen", "go", "gob", "gouv", "gov", "govt", "info", "mil", "ne", "net", "nom",
    "or", "org", "press",
];

/// Which outlets are of one publisher, and which must not be tied to one another.
///
/// Made of lines `outlet<TAB>publisher`, and `outlet<TAB>!outlet` for two that must not be tied.
/// An outlet is a name, in whatever letter case, an agency by any of its names, or a host, which
/// stands for all hosts below it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Publishers {
    /// By outlet, folded.
    of: BTreeMap<String, String>,
    /// Both ways round.
    apart: BTreeSet<(String, String)>,
}

impl Publishers {
    /// Reads a table; empty lines and those that open with `#` are passed over.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](crate::error::ErrorKind::Config), naming the line and what was expected.
    pub fn read(text: &str) -> Result<Self> {
        let mut table = Self::default();
        for (line, number) in text.lines().zip(1..) {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let sides = line.split_once('\t').map(|(outlet, rest)| (outlet, rest.trim()));
            let wrong = || {
                Error::config(format!(
                    "line {number} of the publishers: expected outlet<TAB>publisher or outlet<TAB>!outlet"
                ))
            };
            let (outlet, rest) = sides.filter(|(_, rest)| !rest.contains('\t')).ok_or_else(wrong)?;
            let (other, is_apart) = rest.strip_prefix('!').map_or((rest, false), |other| (other, true));
            let (outlet, other) = (spelled(outlet), spelled(other));
            if outlet.is_empty() || other.is_empty() {
                return Err(wrong());
            }
            if is_apart {
                table.apart.insert((other.clone(), outlet.clone()));
                table.apart.insert((outlet, other));
            } else if let Some(known) = table.of.insert(outlet, other.clone())
                && known != other
            {
                return Err(Error::config(format!(
                    "line {number} of the publishers: the outlet has another publisher above, `{known}`"
                )));
            }
        }
        Ok(table)
    }

    /// Whether any two outlets must not be tied.
    pub fn keeps_any_apart(&self) -> bool {
        !self.apart.is_empty()
    }

    /// The newsroom that printed a story of `source` at `url`, in a form that is equal for equal
    /// newsrooms: the publisher that the table names; else the agency; else the registered domain of
    /// the address, unless many publishers print there; else the name. `None` where neither is known.
    /// Cost: a few look-ups.
    pub fn newsroom(&self, source: &str, url: &str) -> Option<String> {
        if source.is_empty() && url.is_empty() {
            return None;
        }
        let (name, host) = (spelled(source), host(url));
        if let Some(publisher) = names(&name, host).find_map(|name| self.of.get(&*name)) {
            return Some(publisher.clone());
        }
        if let Some(agency) = agency(source) {
            return Some(agency.to_lowercase());
        }
        let domain = host.map(domain).filter(|domain| !is_shared(domain));
        match domain {
            Some(domain) => Some(domain.to_lowercase()),
            None if is_host(&name) => Some(domain_or_whole(&name).to_owned()),
            None => Some(name).filter(|name| !name.is_empty()),
        }
    }

    /// Whatever of a story's names and hosts the table keeps from being tied.
    pub fn sides(&self, source: &str, url: &str) -> BTreeSet<String> {
        let name = spelled(source);
        let publisher = self.newsroom(source, url);
        let all = names(&name, host(url)).chain(publisher);
        all.filter(|name| self.apart.iter().any(|(one, _)| one == name)).collect()
    }

    /// Whether stories with these [sides](Self::sides) must not be tied.
    pub fn part(&self, a: &BTreeSet<String>, b: &BTreeSet<String>) -> bool {
        a.iter().any(|one| b.iter().any(|other| self.apart.contains(&(one.clone(), other.clone()))))
    }

    /// Whether two stories must not be tied.
    pub fn keeps_apart(&self, a: &Story, b: &Story) -> bool {
        self.keeps_any_apart() && self.part(&self.sides(&a.source, &a.url), &self.sides(&b.source, &b.url))
    }

    /// What tells a story of `source` at `url` from others of its text that may be tied to other
    /// stories than it; 0 if the table keeps it from none. Of an outlet whose own stories must not be
    /// tied, each has another, but for one that was delivered twice.
    pub(crate) fn mark(&self, (source, url): (&str, &str), (id, time): (&str, Option<Time>)) -> u64 {
        if !self.keeps_any_apart() {
            return 0;
        }
        let sides = self.sides(source, url);
        if sides.is_empty() {
            return 0;
        }
        let own = self.part(&sides, &sides).then(|| {
            let numbered = id.rsplit_once('#').filter(|(_, n)| n.bytes().all(|b| b.is_ascii_digit()));
            let id = numbered.map_or(id, |(id, _)| id);
            format!("{id}\n{url}\n{:?}", time.map(Time::as_second))
        });
        let names = sides.into_iter().chain(own).collect::<Vec<_>>().join("\t");
        hash::bytes(names.as_bytes())
    }
}

/// The lines that [`Publishers::read`] makes the same table of.
impl Display for Publishers {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.of.iter().try_for_each(|(outlet, publisher)| writeln!(f, "{outlet}\t{publisher}"))?;
        let once = self.apart.iter().filter(|(one, other)| one <= other);
        once.into_iter().try_for_each(|(one, other)| writeln!(f, "{one}\t!{other}"))
    }
}

/// By what a story may stand in the table, the closest first: its name, the agency of that name, its
/// host and those above.
fn names<'a>(name: &'a str, host: Option<&'a str>) -> impl Iterator<Item = String> + use<'a> {
    let agency = agency(name).map(str::to_lowercase);
    let own = Some(name.to_owned()).filter(|name| !name.is_empty());
    let named = Some(name).filter(|name| is_host(name)).into_iter().flat_map(above).skip(1);
    let hosts = host.into_iter().flat_map(above).chain(named).map(str::to_lowercase);
    own.into_iter().chain(agency).chain(hosts)
}

/// A name as it is compared: without case, blanks around it, and the `www.` of a host.
fn spelled(name: &str) -> String {
    let name = name.trim().to_lowercase();
    match name.strip_prefix("www.") {
        Some(rest) if is_host(rest) => rest.to_owned(),
        _ => name,
    }
}

/// Whether a name is that of a host: `news.example.com`.
fn is_host(name: &str) -> bool {
    let is_label = |label: &str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-');
    let last = name.rsplit('.').next().unwrap_or_default();
    name.contains('.')
        && name.split('.').all(is_label)
        && last.len() > 1
        && last.chars().all(char::is_alphabetic)
}

/// The host of a web address.
fn host(url: &str) -> Option<&str> {
    let (scheme, rest) = url.split_once("://")?;
    let is_web = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    let authority = rest.split(['/', '?', '#', '\\']).next()?;
    let host = authority.rsplit('@').next()?;
    let host = host.split(':').next()?.trim_end_matches('.');
    (is_web && is_host(host)).then_some(host)
}

/// A host and all above it that have a dot: `a.b.com`, `b.com`.
fn above(host: &str) -> impl Iterator<Item = &str> {
    let starts = host.match_indices('.').map(|(at, _)| at + 1);
    std::iter::once(0).chain(starts).map(|start| &host[start..]).filter(|host| host.contains('.'))
}

/// What one registers: the last two labels, or three where the one before a country only sorts.
fn domain(host: &str) -> &str {
    let mut dots = host.rmatch_indices('.').map(|(at, _)| at);
    let (Some(last), Some(second)) = (dots.next(), dots.next()) else { return host };
    let (country, sort) = (&host[last + 1..], &host[second + 1..last]);
    let is_sort = country.len() == 2 && SORTED.iter().any(|known| known.eq_ignore_ascii_case(sort));
    let start = if is_sort { dots.next().map_or(0, |at| at + 1) } else { second + 1 };
    &host[start..]
}

/// The same, or the whole host where many publishers share the domain.
fn domain_or_whole(host: &str) -> &str {
    let domain = domain(host);
    if is_shared(domain) { host } else { domain }
}

fn is_shared(domain: &str) -> bool {
    SHARED_HOSTS.lines().any(|host| host.eq_ignore_ascii_case(domain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn editions_of_one_domain_and_desks_of_one_agency_are_one_newsroom() {
        let newsroom = |source, url| Publishers::default().newsroom(source, url);
        let same = |a: (&'static str, &'static str), b: (&'static str, &'static str)| {
            newsroom(a.0, a.1) == newsroom(b.0, b.1)
        };
        assert!(same(
            ("Post North", "https://north.post.co.uk/a"),
            ("Post South", "http://WWW.post.co.uk:80/b?c")
        ));
        assert!(same(("The Associated Press", ""), ("AP", "https://apnews.com/x")));
        assert!(same(("БЕЛТА", ""), ("BelTA", "")));
        assert!(same(("www.post.co.uk", ""), ("Post", "https://sport.post.co.uk/")));
        assert!(same((" tasman POST", ""), ("Tasman Post", "")));
        assert!(!same(("Post", "https://a.co.uk/"), ("Post", "https://b.co.uk/")), "co.uk is nobody's");
        assert!(!same(("Tasman Post", "https://news.yahoo.com/a"), ("Echo", "https://news.yahoo.com/b")));
        assert!(!same(("one.blogspot.com", ""), ("two.blogspot.com", "")));
        assert_eq!(newsroom("", ""), None);
        assert_eq!(newsroom("", "javascript:alert(1)"), None);
        assert_eq!(newsroom("St. John's Echo", ""), Some("st. john's echo".into()), "no host");
    }

    #[test]
    fn the_table_goes_before_the_rules() {
        let table =
            Publishers::read("# ours\nTasman Post\tIsland Press\nmail.example\tIsland Press\nAP\tCo-op\n");
        let table = table.unwrap();
        let newsroom = |source, url| table.newsroom(source, url).unwrap();
        assert_eq!(newsroom("tasman post", "https://elsewhere.example/"), "island press");
        assert_eq!(newsroom("Gippsland Mail", "https://regional.mail.example/a"), "island press");
        assert_eq!(newsroom("Island Press", ""), "island press");
        assert_eq!(newsroom("The Associated Press", ""), "co-op");
        assert_eq!(newsroom("Echo", ""), "echo");
    }

    #[test]
    fn what_is_kept_apart_is_so_both_ways_and_by_any_name() {
        let table = Publishers::read("Post\t!AP\nLottery\t!Lottery\necho.example\tPost\n").unwrap();
        let part =
            |a: (&str, &str), b: (&str, &str)| table.part(&table.sides(a.0, a.1), &table.sides(b.0, b.1));
        assert!(part(("Post", ""), ("The Associated Press", "")));
        assert!(part(("AP", ""), ("Echo", "https://echo.example/1")), "an outlet of the publisher");
        assert!(part(("lottery", ""), ("Lottery", "")), "a series of its own");
        assert!(!part(("Post", ""), ("Post", "")));
        assert!(!part(("Mail", ""), ("AP", "")));
    }

    #[test]
    fn a_table_is_read_as_it_was_written() {
        let table = Publishers::read("Post\tIsland Press\nPost\t!AP\nLottery\t!Lottery\n").unwrap();
        assert_eq!(Publishers::read(&table.to_string()).unwrap(), table);
    }

    #[test]
    fn stories_have_one_mark_if_they_may_be_tied_to_the_same() {
        let table = Publishers::read("Post\t!AP\nLottery\t!Lottery\n").unwrap();
        let mark = |id: &str, source: &str| table.mark((source, ""), (id, None));
        assert_eq!(mark("a", "Echo"), 0);
        assert_eq!(mark("a", "Post"), mark("b", "POST"));
        assert_ne!(mark("a", "Post"), mark("a", "AP"));
        assert_ne!(mark("a", "Lottery"), mark("b", "Lottery"), "each by itself");
        assert_eq!(mark("a", "Lottery"), mark("a#2", "Lottery"), "delivered twice");
    }

    #[test]
    fn a_line_of_another_form_is_named() {
        for (text, line) in
            [("Post", 1), ("# a\nPost\t", 2), ("Post\t!", 1), ("a\tb\tc", 1), ("a\tb\nA\tc", 2)]
        {
            let fault = Publishers::read(text).unwrap_err();
            assert!(fault.message().starts_with(&format!("line {line} of the publishers: ")), "{fault}");
        }
    }
}
