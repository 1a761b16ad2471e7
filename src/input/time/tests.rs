//! From printed dates to what the parser must make of them.

use super::*;

fn shown(printed: &str) -> String {
    parse(printed).map_or("none".to_owned(), |time| time.to_string())
}

/// Every way to print one moment, 08:15 on 30 April 2024 in UTC.
#[test]
fn one_moment_in_many_ways() {
    for printed in [
        "2024-04-30T08:15:00Z",
        "2024-04-30T10:15:00+02:00",
        "2024-04-30T10:15:00+0200",
        "2024-04-30 10:15:00+02",
        "2024-04-30 08:15",
        "2024-04-30 08:15:00 UTC",
        "2024-04-30 11:15:00 Europe/Minsk",
        "April 30, 2024 at 4:15 AM ET",
        "Apr 30, 2024 1:15 a.m. PT",
        "2024-04-30T10:15:00+02:00[Europe/Berlin]",
        "20240430T081500Z",
        "20240430T1015+0200",
        "20240430081500",
        "202404300815",
        "1714464900",
        "1714464900000",
        "1714464900000000",
        "2024/04/30 08:15:00",
        "2024.04.30 08:15",
        "30.04.2024 08:15",
        "30.4.2024, 8:15",
        "30.04.2024, 08:15 Uhr",
        "30.04.24 08:15",
        "30/04/2024 08:15",
        "04/30/2024 08:15",
        "04/30/2024 8:15 AM",
        "30-04-2024 08:15:00",
        "Tue, 30 Apr 2024 08:15:00 GMT",
        "Mon, 30 Apr 2024 08:15:00 +0000",
        "Tue, 30 Apr 2024 10:15:00 CEST",
        "Tue, 30 Apr 2024 10:15:00 +0200 (CEST)",
        "Tue, 30 Apr 2024 11:15:00 MSK",
        "Tue, 30 Apr 2024 04:15:00 EDT",
        "Tue, 30 Apr 2024 10:15:00 GMT+2",
        "Tue, 30 Apr 2024 10:15:00 GMT2",
        "Tue, 30 Apr 2024 03:15:00 UTC-5",
        "Tue, 30 Apr 2024 10:15:00 UTC+02:00",
        "Tuesday, 30-Apr-24 08:15:00 GMT",
        "Tue Apr 30 08:15:00 2024",
        "Tue Apr 30 08:15:00 +0000 2024",
        "Tue Apr 30 10:15:00 CEST 2024",
        "30 April 2024 08:15",
        "30 April 2024, 8.15 a.m.",
        "April 30, 2024 8:15 AM",
        "30. April 2024, 08:15 Uhr",
        "mardi 30 avril 2024 à 08h15",
        "30 de abril de 2024 08:15",
        "30 de abril de 2024 às 8h15",
        "martedì 30 aprile 2024 - 08.15",
        "30 April 2024 - 8.15",
        "Ngày 30 tháng 4 năm 2024, 08:15",
        "30 апреля 2024 г., 08:15",
        "30 апр 2024 11:15 МСК",
        "30 красавіка 2024, 08:15",
        "30 квітня 2024 року, 08:15",
        "mar, 30 apr 2024 08:15:00 +0000",
        "30 kwietnia 2024, 08:15",
        "2024年4月30日 08:15",
        "2024년 4월 30일 08:15",
        "٣٠ أبريل ٢٠٢٤ ٠٨:١٥",
        "30.04.2024 11:15 (GMT+3)",
        "30 апреля 2024, 11:15 [GMT+3]",
        "2024-04-30 11:15 (UTC +03:00)",
        "8:15 am, 30 Apr 2024",
        "8.15am, 30 April 2024",
        "4:15 a.m. EDT on Tuesday, April 30, 2024",
        "08:15 30.04.2024",
        "0815 GMT, 30 Apr 2024",
        "30 April 2024 0815 hrs",
        "2024-04-30 1115 MSK",
        "20240430081500000",
        "20240430081500000000",
        "20240430 081500",
        "20240430-081500",
        "20240430_0815",
        "2024:04:30 08:15:00",
        "@1714464900",
        "30 เม.ย. 2567 08:15 น.",
    ] {
        assert_eq!(shown(printed), "2024-04-30T08:15:00Z", "{printed}");
    }
}

#[test]
fn a_group_of_day_and_hour_is_in_the_zone_of_its_letter() {
    for (printed, moment) in [
        ("300815Z APR 24", "2024-04-30T08:15:00Z"),
        ("300815Z APR 2024", "2024-04-30T08:15:00Z"),
        ("300815ZAPR24", "2024-04-30T08:15:00Z"),
        ("300815apr24", "2024-04-30T08:15:00Z"),
        ("301015B APR 24", "2024-04-30T08:15:00Z"),
        ("301815K APR 24", "2024-04-30T08:15:00Z"),
        ("300715N APR 24", "2024-04-30T08:15:00Z"),
        ("300315R APR 24", "2024-04-30T08:15:00Z"),
        ("300815 GMT APR 24", "2024-04-30T08:15:00Z"),
        ("301115 MSK APR 24", "2024-04-30T08:15:00Z"),
        ("300815J APR 24", "none"),
        ("330815Z APR 24", "none"),
        ("302515Z APR 24", "none"),
        ("300815Z FOO 24", "none"),
        ("300815", "none"),
    ] {
        assert_eq!(shown(printed), moment, "{printed}");
    }
}

#[test]
fn a_day_stays_a_day() {
    for printed in [
        "2024-04-30",
        "20240430",
        "2024/04/30",
        "30.04.2024",
        "30/04/2024",
        "04/30/2024",
        "30 April 2024",
        "April 30, 2024",
        "30 апреля 2024 года",
        "30 avril 2024",
        "Dienstag, 30. April 2024",
        "2024年4月30日",
        "2024-04-30Z",
        "2024-04-30+02:00",
        "2024-04-30 +0200",
    ] {
        assert_eq!(shown(printed), "2024-04-30", "{printed}");
    }
    assert_eq!(shown("2024-04-30T00:00:00"), "2024-04-30T00:00:00Z");
}

#[test]
fn names_of_zones_are_zones() {
    for (zone, moment) in [
        ("CET", "2013-10-08T17:30:00Z"),
        ("BST", "2013-10-08T17:30:00Z"),
        ("IST", "2013-10-08T13:00:00Z"),
        ("JST", "2013-10-08T09:30:00Z"),
        ("AEST", "2013-10-08T08:30:00Z"),
        ("EST", "2013-10-08T23:30:00Z"),
        ("UT", "2013-10-08T18:30:00Z"),
        ("Z", "2013-10-08T18:30:00Z"),
        ("-500", "2013-10-08T23:30:00Z"),
        ("XYZT", "none"),
    ] {
        assert_eq!(shown(&format!("Tue, 08 Oct 2013 18:30:00 {zone}")), moment, "{zone}");
    }
    assert_eq!(shown("2016-05-16T02:06-500"), "2016-05-16T07:06:00Z");
}

#[test]
fn the_day_ends_at_twenty_four() {
    assert_eq!(shown("2024-04-30T24:00:00Z"), "2024-05-01T00:00:00Z");
    assert_eq!(shown("Tue, 08 Oct 2013 24:00:00 GMT"), "2013-10-09T00:00:00Z");
    assert_eq!(shown("30 April 2024 12:05 AM"), "2024-04-30T00:05:00Z");
    assert_eq!(shown("30 April 2024 12:05 PM"), "2024-04-30T12:05:00Z");
}

#[test]
fn fractions_and_early_counts() {
    assert_eq!(shown("2024-01-15T10:00:00.250+03:00"), "2024-01-15T07:00:00.25Z");
    assert_eq!(shown("2015-11-28 05:36:00.000000"), "2015-11-28T05:36:00Z");
    assert_eq!(shown("1705312800000000000"), "2024-01-15T10:00:00Z");
    assert_eq!(shown("20240430081500250"), "2024-04-30T08:15:00.25Z");
    assert_eq!(shown("1705312800.5"), "2024-01-15T10:00:00.5Z");
    assert_eq!(shown("-100000000.5"), "1966-10-31T14:13:19.5Z");
}

#[test]
fn anything_else_is_no_time() {
    for printed in [
        "",
        "yesterday",
        "2024",
        "2024-13-40",
        "1e9",
        "99999999999999999999",
        "10:00",
        "é15",
        "03/04/2024",
        "0001-01-01T00:00:00Z",
        "9999-12-31",
        "26110525054121",
        "31.02.2024",
        "30 Foo 2024",
        "2024-04-30T25:00:00Z",
        "30 April 2024 13:15 PM",
        "Version 2.10.2024.5",
        "April 30, 2024 at 8:15 am EST5",
        "8:15 pm",
        "30 April 2024 2575",
        "30 April 2024 0815 1200",
        "30 April 2024 No.0815",
        "20241340081500000",
        "20240430-0200",
    ] {
        assert_eq!(shown(printed), "none", "{printed}");
    }
}

#[test]
fn what_was_not_understood_is_noted_once() {
    let mut story = Story::default();
    read(&mut story, ["", "null", "soon", "later"]);
    assert_eq!(story.unread, [Unread::Date("soon".into())]);
    read(&mut story, ["2024-04-30"]);
    assert!(story.time.is_some());
    let mut blank = Story::default();
    read(&mut blank, ["", " - ", "None", "0000-00-00"]);
    assert!(blank.unread.is_empty());
}

#[test]
fn a_zone_in_brackets_is_that_zone() {
    for (printed, moment) in [
        ("Jan. 30, 2024 4:15 a.m. ET", Some("2024-01-30T09:15:00Z")),
        ("2024-04-30T08:15:00[Europe/Minsk]", Some("2024-04-30T05:15:00Z")),
        ("2024-04-30T08:15:00+02:00[Europe/Berlin]", Some("2024-04-30T06:15:00Z")),
        ("2024-04-30T08:15:00Z[UTC]", Some("2024-04-30T08:15:00Z")),
        ("2024-04-30T08:15:00[Mars/Phobos]", None),
        ("/Date(1714464900000)/", Some("2024-04-30T08:15:00Z")),
        ("/Date(1714464900000+0200)/", Some("2024-04-30T08:15:00Z")),
        ("/Date(x)/", None),
        ("2024-04-30 08:15 local time", None),
        ("30 апреля 2024 года, 11:15 по московскому времени", Some("2024-04-30T08:15:00Z")),
        ("30 квітня 2024, 11:15 за київським часом", Some("2024-04-30T08:15:00Z")),
        ("April 30, 2024 4:15 AM Eastern Time", Some("2024-04-30T08:15:00Z")),
        ("30 Nisan 2024 Salı, 11:15 (TSİ)", Some("2024-04-30T08:15:00Z")),
        ("30 de abril de 2024, 05:15 (horário de Brasília)", Some("2024-04-30T08:15:00Z")),
    ] {
        assert_eq!(parse(printed).map(|time| time.to_string()).as_deref(), moment, "{printed}");
    }
}

#[test]
fn halves_of_the_day_months_and_years_are_read_as_other_languages_print_them() {
    for (printed, moment) in [
        ("2024年3月6日 下午8:15", "2024-03-06T20:15:00Z"),
        ("2024年3月6日 午後8時15分", "2024-03-06T20:15:00Z"),
        ("2024년 3월 6일 오전 12:15", "2024-03-06T00:15:00Z"),
        ("6 Μαρτίου 2024, 08:15 μ.μ.", "2024-03-06T20:15:00Z"),
        ("6 مارس 2024 08:15 م", "2024-03-06T20:15:00Z"),
        ("6. maaliskuuta 2024 klo 8.15", "2024-03-06T08:15:00Z"),
        ("2024. március 6. 08:15", "2024-03-06T08:15:00Z"),
        ("6 martie 2024, 08:15", "2024-03-06T08:15:00Z"),
        ("6. ožujka 2024. u 08:15", "2024-03-06T08:15:00Z"),
        ("6 maart 2024 om 08.15 uur", "2024-03-06T08:15:00Z"),
        ("2024 m. kovo 6 d.", "2024-03-06"),
        ("2024. gada 6. marts", "2024-03-06"),
        ("6ης Μαρτίου 2024", "2024-03-06"),
        ("06 III 2024", "2024-03-06"),
        ("6 במרץ 2024", "2024-03-06"),
        ("6 มีนาคม 2567 08:15 น.", "2024-03-06T08:15:00Z"),
        ("令和6年3月6日", "2024-03-06"),
        ("昭和64年1月7日", "1989-01-07"),
    ] {
        assert_eq!(parse(printed).map(|time| time.to_string()).as_deref(), Some(moment), "{printed}");
    }
    for printed in ["1970-01-01T00:00:00Z", "1 Jan 1970 00:00:00 GMT", "6 มีนาคม 2024 25:00", "2024年13月6日"]
    {
        assert_eq!(parse(printed), None, "{printed}");
    }
}

#[test]
fn the_years_of_news_are_bounded_to_the_second() {
    let of = |printed: &str| {
        let mut story = Story::default();
        read(&mut story, [printed]);
        (story.time.is_some(), story.unread.len())
    };
    for (inside, outside) in [
        ("1605-01-01T00:00:00Z", "1604-12-31T23:59:59Z"),
        ("2100-12-31T23:59:59Z", "2101-01-01T00:00:00Z"),
        ("1970-01-01T00:00:01Z", "1970-01-01T00:00:00Z"),
        (" 2024-04-30T08:15:00Z", "2024-04-31T08:15:00Z"),
    ] {
        assert_eq!([of(inside), of(outside)], [(true, 0), (false, 1)], "{inside}");
    }
}
