//! Errors of the core as Python exceptions, and the one place where the interpreter is let go while the sensor works.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};

use pyo3::exceptions::PyException;
use pyo3::prelude::*;
use vonggac_core::sources::SourceError;

pyo3::create_exception!(
    vonggac_sensor,
    SensorError,
    PyException,
    "The input cannot be read, or the sensor failed; one line for people."
);

/// A source's error as an exception.
pub(crate) fn raised(error: &SourceError) -> PyErr {
    SensorError::new_err(error.to_string())
}

/// Runs the sensor without holding the interpreter. A panic is a bug of ours: it becomes an ordinary exception, so that
/// one hostile capture cannot take the others with it.
pub(crate) fn working<S: Send, T: Send>(
    python: Python<'_>,
    sensor: &Mutex<S>,
    work: impl FnOnce(&mut S) -> T + Send,
) -> PyResult<T> {
    let outcome = python.detach(|| {
        let mut held = sensor.lock().unwrap_or_else(PoisonError::into_inner);
        catch_unwind(AssertUnwindSafe(|| work(&mut held)))
    });
    outcome.map_err(|panic| {
        SensorError::new_err(format!("the sensor failed inside ({}); please report it", message(&*panic)))
    })
}

fn message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no reason given")
}
