//! From a damaged file to an error that names the damage: never a panic, never another answer.

use dedup::index::{Answer, Filter, Index};
use dedup::report::Report;
use dedup::{Config, ErrorKind, Level, Story};
use std::fs;
use std::path::Path;

/// So many that some are filed in buckets and some wait in the tail.
const STORIES: u32 = 2_300;

fn story(id: u32) -> Story {
    // Every fifth is a copy of the one before it, every seventh the same text.
    let text = |seed: u32| (0..24).map(|i| format!("w{}", seed * 31 + i * 7)).collect::<Vec<_>>().join(" ");
    let body = match id {
        _ if id % 5 == 1 => format!("{} more", text(id - 1)),
        _ if id % 7 == 1 => text(id - 1),
        _ => text(id),
    };
    Story::new(format!("s{id:05}"), body)
}

fn make(path: &Path) -> Vec<Story> {
    let config = Config::builder().level(Level::Copy).build().unwrap();
    let stories: Vec<Story> = (0..STORIES).map(story).collect();
    let mut index = Index::open_or_create(path, &config).unwrap();
    index.add(&stories[..2_100]).unwrap();
    index.add(&stories[2_100..]).unwrap();
    stories
}

/// What a user asks of an index.
fn ask(path: &Path, asked: &[Story]) -> dedup::Result<(Vec<Answer>, Report)> {
    let index = Index::open_read_only(path)?;
    let answers = asked.iter().map(|story| index.query(story)).collect::<dedup::Result<_>>()?;
    for story in asked {
        if let Some(found) = index.story(&story.id)? {
            assert_eq!(&found, story);
        }
    }
    Ok((answers, index.report(&Filter::default())?))
}

fn is_named(error: &dedup::Error) {
    let kinds = [ErrorKind::Damaged, ErrorKind::Format];
    assert!(kinds.contains(&error.kind()), "{:?}: {error}", error.kind());
}

/// The numbers of a linear congruential generator, the same on every machine.
fn draws(seed: u64) -> impl FnMut(u64) -> u64 {
    let mut state = seed;
    move |below| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    }
}

#[test]
fn flipped_bits_give_errors_or_change_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    let stories = make(&path);
    let asked: Vec<Story> = [0, 1, 7, 1_000, 2_050, 2_299].map(|i: usize| stories[i].clone()).to_vec();
    let sound = ask(&path, &asked).unwrap();
    let bytes = fs::read(&path).unwrap();
    let mut draw = draws(7);
    let (mut errors, mut same) = (0, 0);
    for round in 0..160 {
        let mut flipped = bytes.clone();
        let place = draw(bytes.len() as u64) as usize;
        flipped[place] ^= 1 << draw(8);
        let damaged = folder.path().join(format!("{round}.db"));
        fs::write(&damaged, &flipped).unwrap();
        match ask(&damaged, &asked) {
            Err(error) => {
                is_named(&error);
                errors += 1;
            }
            Ok(found) => {
                assert_eq!(found, sound, "another answer after a flip at {place}");
                same += 1;
            }
        }
        match Index::open_read_only(&damaged).and_then(|index| index.verify()) {
            Err(error) => is_named(&error),
            Ok(damage) => damage.iter().for_each(|what| assert!(!what.is_empty())),
        }
        fs::remove_file(&damaged).unwrap();
    }
    println!("{errors} flips gave errors, {same} changed nothing");
    assert!(errors > 20 && same > 0, "{errors} {same}");
}

#[test]
fn verify_sees_every_flip_in_what_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    let stories = make(&path);
    let bytes = fs::read(&path).unwrap();
    let asked = [3, 2_200].map(|i: usize| stories[i].clone());
    let sound = ask(&path, &asked).unwrap();
    // The ids of the first and of the last stories stand in the file as they are, and where a page has room
    // there may still be what was moved from there.
    for id in ["s00003", "s02200"] {
        let places = (0..bytes.len() - 6).filter(|&place| &bytes[place..place + 6] == id.as_bytes());
        let is_seen = |place: usize| {
            let mut flipped = bytes.clone();
            flipped[place + 5] ^= 1;
            fs::write(&path, &flipped).unwrap();
            let damage = Index::open_read_only(&path).unwrap().verify().unwrap();
            let is_seen = damage.iter().any(|what| what.contains("seal"));
            assert!(is_seen || ask(&path, &asked).unwrap() == sound, "{id} at {place}: {damage:?}");
            is_seen
        };
        assert!(places.filter(|&place| is_seen(place)).count() > 0, "{id}");
    }
}

#[test]
fn cut_files_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    let stories = make(&path);
    let bytes = fs::read(&path).unwrap();
    for length in [0, 1, 50, 100, 4_095, 4_096, bytes.len() / 2, bytes.len() - 1] {
        fs::write(&path, &bytes[..length]).unwrap();
        for error in [
            ask(&path, &stories[..1]).unwrap_err(),
            Index::open_or_create(&path, &Config::default()).map(drop).unwrap_err(),
        ] {
            assert_eq!(error.kind(), ErrorKind::Damaged, "{length}: {error}");
            assert_eq!(error.place().unwrap().path, path);
        }
    }
    fs::write(&path, "id,text\na,b\n".repeat(99)).unwrap();
    let error = ask(&path, &stories[..1]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Damaged, "{error}");
}
