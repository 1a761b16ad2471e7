//! From one sample report to what people see of it.

use super::super::sample;
use super::*;
use insta::assert_snapshot;

fn in_style(width: Option<usize>, colour: bool) -> String {
    sample::written(&Text { style: Style { width, colour }, ..Text::default() })
}

/// The isolates around right-to-left text, made visible.
fn seen(text: &str) -> String {
    text.replace('\u{2068}', "‹").replace('\u{2069}', "›")
}

#[test]
fn piped_text_is_never_cut() {
    assert_snapshot!(seen(&sample::written(&Text { singles: true, ..Text::default() })), @r#"
    3 versions  Ferry runs aground off Phillip Island, "no one hurt"  first AAP 2024-03-02 08:15Z  weakest 0.30
      3 stories, 3 newsrooms, none independent of AAP
      canonical        AAP             2024-03-02 08:15Z  aap-ferry
      copy       0.98  Tasman Post     2024-03-02 10:00Z  post-ferry
      excerpt    0.91  Gippsland Mail  2024-03-02 12:05Z  z-ferry  via post-ferry

    2 versions  Сев ранних яровых начался в Гродненской области  from Interfax  weakest 0.50
      2 stories, 2 newsrooms, 1 of them independent of Interfax
      canonical        БелТА               2022-03-18 06:41Z  belta-sowing
      edited     0.90  Гродненская правда  2022-03-18 09:00Z  sowing-copy

    2 versions  成都新增两条地铁线路 全长五十一公里  weakest 1.00
      2 stories, 1 newsroom
      canonical        新华社  2023-05-01 00:00Z  chengdu-1
      identical  1.00                             chengdu-2

    2 versions  ‹مدرجات عسير الزراعية›  first ‹واس› 2024-01-09 18:30Z  weakest 0.40
      2 stories, 2 newsrooms, none independent of ‹واس›
      canonical        ‹واس›   2024-01-09 18:30Z  spa-asir
      excerpt    0.87  ‹عكاظ›  2024-01-10 09:00Z  okaz-asir

    single  moon

    skipped feed.jsonl:7: expected a JSON object, found `[`; give one story a line
    skipped photo.txt: binary file: expected text, found byte 0x00

    10 stories: 9 in 4 clusters, 1 single; 5 pairs; 2 records skipped
"#);
}

#[test]
fn a_terminal_gets_lines_that_fit() {
    assert_snapshot!(seen(&in_style(Some(90), false)), @"
    3 versions  Ferry runs aground off Phillip Isl…  first AAP 2024-03-02 08:15Z  weakest 0.30
      3 stories, 3 newsrooms, none independent of AAP
      canonical        AAP             2024-03-02 08:15Z  aap-ferry
      copy       0.98  Tasman Post     2024-03-02 10:00Z  post-ferry
      excerpt    0.91  Gippsland Mail  2024-03-02 12:05Z  z-ferry  via post-ferry

    2 versions  Сев ранних яровых начался в Гродненской области    from Interfax  weakest 0.50
      2 stories, 2 newsrooms, 1 of them independent of Interfax
      canonical        БелТА               2022-03-18 06:41Z  belta-sowing
      edited     0.90  Гродненская правда  2022-03-18 09:00Z  sowing-copy

    2 versions  成都新增两条地铁线路 全长五十一公里                               weakest 1.00
      2 stories, 1 newsroom
      canonical        新华社  2023-05-01 00:00Z  chengdu-1
      identical  1.00                             chengdu-2

    2 versions  ‹مدرجات عسير الزراعية›                 first ‹واس› 2024-01-09 18:30Z  weakest 0.40
      2 stories, 2 newsrooms, none independent of ‹واس›
      canonical        ‹واس›   2024-01-09 18:30Z  spa-asir
      excerpt    0.87  ‹عكاظ›  2024-01-10 09:00Z  okaz-asir

    skipped feed.jsonl:7: expected a JSON object, found `[`; give one story a line
    skipped photo.txt: binary file: expected text, found byte 0x00

    10 stories: 9 in 4 clusters, 1 single; 5 pairs; 2 records skipped
");
    for line in in_style(Some(110), false).lines().filter(|line| line.contains("weakest")) {
        assert_eq!(line.width(), 110, "{line}");
    }
}

#[test]
fn an_address_stands_behind_the_id_where_there_is_room() {
    let mut report = sample::report();
    report.stories.iter_mut().find(|story| story.id == "post-ferry").unwrap().url =
        "https://post.example/ferry".to_owned();
    report.stories.iter_mut().find(|story| story.id == "moon").unwrap().url = "moon".to_owned();
    let written = |width| {
        let mut out = Vec::new();
        let text = Text { style: Style { width, colour: false }, singles: true, ..Text::default() };
        text.write(&report, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    };
    assert!(written(None).contains("post-ferry  https://post.example/ferry\n"));
    assert!(written(Some(100)).contains("post-ferry  https://post.example/ferry\n"));
    assert!(written(Some(70)).contains("post-ferry\n"));
    assert!(written(None).contains("single  moon\n"), "an id that is the address is told once");
}

#[test]
fn colours_change_nothing_else() {
    let coloured = in_style(Some(90), true);
    assert!(coloured.contains("\x1b[1m") && coloured.contains("\x1b[33mskipped\x1b[0m"));
    let mut plain = coloured;
    for code in ["\x1b[32m", "\x1b[1m", "\x1b[36m", "\x1b[2m", "\x1b[33m", "\x1b[0m"] {
        plain = plain.replace(code, "");
    }
    assert_eq!(plain, in_style(Some(90), false));
}

#[test]
fn an_empty_report_is_one_line() {
    let mut out = Vec::new();
    Text::default().write(&Report::default(), &mut out).unwrap();
    assert_eq!(String::from_utf8(out).unwrap(), "0 stories: 0 single; 0 pairs\n");
}
