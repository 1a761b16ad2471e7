//! From an error of the library to the Python exception that says the same.

use crate::frame::TABLE;
use dedup::{Error, ErrorKind};
use pyo3::PyErr;
use pyo3::exceptions::{PyOSError, PyRuntimeError, PyValueError};

/// The exception for `error`: what is wrong with the caller's values is a `ValueError`, what is
/// wrong with a file an `OSError`. Options are named as Python spells them.
pub(crate) fn exception(error: &Error) -> PyErr {
    // Of a table as a whole, the place says nothing.
    let is_table = error.place().is_some_and(|place| place.line == 0 && place.path.as_os_str() == TABLE);
    let sentence = in_python(&if is_table { error.message().to_owned() } else { error.to_string() });
    match error.kind() {
        ErrorKind::Config | ErrorKind::Input | ErrorKind::OtherSettings => PyValueError::new_err(sentence),
        ErrorKind::Io => PyOSError::new_err(sentence),
        _ => PyRuntimeError::new_err(sentence),
    }
}

/// `sentence` with `--text-field` as `text=`.
pub(crate) fn in_python(sentence: &str) -> String {
    sentence.replace("--id-field", "id=").replace("--text-field", "text=")
}
