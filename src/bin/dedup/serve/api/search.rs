//! From the parameters of a request to what is looked for among the clusters.

use super::super::problem::Problem;
use dedup::cluster::Keep;
use dedup::index::{Filter, Order, Search, Sought};
use dedup::report::html::Selection;
use jiff::Timestamp;
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::{Error, StrDeserializer};

/// What is asked for. `source`, `relation`, `flag`, `language` and `agency` may come several times:
/// one of each must fit.
#[derive(Debug, Default)]
pub(super) struct Asked {
    pub(super) search: Search,
    pub(super) selection: Selection,
    pub(super) limit: Option<usize>,
    pub(super) before: Option<u32>,
    /// Which version stands for each cluster.
    pub(super) stands: Option<Keep>,
    /// Of an export.
    pub(super) format: Option<String>,
}

/// Values of one parameter, at most.
const VALUES: usize = 200;

impl Asked {
    /// All clusters, in some order.
    fn all(order: Order) -> Self {
        let filter = Filter { least: 2, ..Filter::default() };
        Self { search: Search { filter, order, ..Search::default() }, ..Self::default() }
    }

    /// All clusters, those of the most stories first.
    pub(super) fn largest() -> Self {
        Self::all(Order::Largest)
    }

    pub(super) fn of(given: Vec<(String, String)>) -> Result<Self, Problem> {
        let mut asked = Self::all(Order::default());
        if given.len() > VALUES {
            return Err(Problem::senseless(format!(
                "expected {VALUES} parameters at most, found {}",
                given.len()
            )));
        }
        given.into_iter().try_for_each(|(name, value)| asked.take(&name, value))?;
        Ok(asked)
    }

    fn take(&mut self, name: &str, value: String) -> Result<(), Problem> {
        let Self { search, selection, .. } = self;
        match name {
            "q" => search.text = Sought::of(&value),
            "sort" => search.order = order(&value)?,
            "since" => search.filter.since = Some(moment(name, &value)?),
            "until" => search.filter.until = Some(moment(name, &value)?),
            "least" => search.filter.least = number(name, &value)?,
            "source" => search.sources.push(value),
            "language" => selection.languages.push(value),
            "agency" => selection.agencies.push(value),
            "relation" => selection.relations.push(named(name, &value)?),
            "flag" => selection.flags.push(named(name, &value)?),
            "limit" => self.limit = Some(number(name, &value)?),
            "before" => self.before = Some(number(name, &value)?),
            "stands" => self.stands = Some(value.parse()?),
            "format" => self.format = Some(value),
            _ => return Err(Problem::unreadable(format!("`{name}` is no parameter of this address"))),
        }
        Ok(())
    }
}

fn number<T: std::str::FromStr>(name: &str, text: &str) -> Result<T, Problem> {
    text.parse().map_err(|_| Problem::unreadable(format!("expected a number from 0 for `{name}`")))
}

fn order(text: &str) -> Result<Order, Problem> {
    Ok(match text {
        "newest" => Order::Newest,
        "oldest" => Order::Oldest,
        "largest" => Order::Largest,
        "weakest" => Order::Weakest,
        _ => {
            return Err(Problem::senseless("expected newest, oldest, largest or weakest for `sort`"));
        }
    })
}

fn named<'a, T: Deserialize<'a>>(name: &str, text: &'a str) -> Result<T, Problem> {
    let value: StrDeserializer<'a, Error> = text.into_deserializer();
    T::deserialize(value).map_err(|error| Problem::senseless(format!("`{name}`: {error}")))
}

pub(super) fn moment(name: &str, text: &str) -> Result<Timestamp, Problem> {
    text.parse().map_err(|_| {
        Problem::senseless(format!(
            "expected a time such as 2024-03-02T08:15:00Z for `{name}`, found another form"
        ))
    })
}
