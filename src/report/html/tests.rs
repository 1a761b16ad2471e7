//! From the sample to a page, looked at as text.

use super::super::sample;
use super::*;
use serde_json::Value;

fn data(page: &str, id: &str) -> Value {
    let (_, rest) = page.split_once(&format!("<script type=\"application/json\" id=\"{id}\">")).unwrap();
    serde_json::from_str(rest.split_once("</script>").unwrap().0).unwrap()
}
