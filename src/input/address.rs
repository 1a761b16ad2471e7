//! From the address of a story to its outlet, and from an outlet that is an address to both.

use crate::story::Story;

/// Gives each part of a story its due: a URL is never an outlet, only its host is; and it stands
/// for the id where there is none.
pub(super) fn settle(story: &mut Story) {
    if story.source.starts_with("http://") || story.source.starts_with("https://") {
        let host = host(&story.source).unwrap_or_default().to_owned();
        let address = std::mem::replace(&mut story.source, host);
        // An address of more than a host is that of the story.
        if story.url.is_empty() && address.trim_end_matches('/').matches('/').count() > 2 {
            story.url = address;
        }
    }
    if story.source.is_empty()
        && let Some(host) = host(&story.url)
    {
        story.source = host.to_owned();
    }
    if story.id.is_empty() {
        story.id.clone_from(&story.url);
    }
}

/// The host of an address, without `www.`.
pub(super) fn host(url: &str) -> Option<&str> {
    let host = url.split_once("://")?.1.split(['/', '?', '#', ':']).next()?;
    Some(host.strip_prefix("www.").unwrap_or(host)).filter(|host| !host.is_empty())
}
