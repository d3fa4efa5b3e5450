//! The two sensors that Python drives: one reads a capture, one listens.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Duration;

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};
use vonggac_core::batches::{Batch, CaptureRun, LiveRun, Progress, Span};
use vonggac_core::engine::EngineSettings;
use vonggac_core::sources::live::{LiveCapture, LiveSettings};
use vonggac_core::sources::{Capture, SourceError};

use crate::errors::{raised, working};
use crate::rows::Rows;

/// Dataset → rows; files as (event id, content); newest packet time in µs.
type PyBatch<'py> = (Bound<'py, PyDict>, Vec<(String, Bound<'py, PyBytes>)>, Option<i64>);
/// Packets, first and last packet time in µs.
type PySpan = (u64, Option<i64>, Option<i64>);

/// What a site can set, as keyword arguments.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
struct Options {
    observer: String,
    source: String,
    file_limit: u64,
    md5: bool,
    sha1: bool,
    keep_files: bool,
    max_flows: usize,
}

impl From<Options> for EngineSettings {
    fn from(options: Options) -> Self {
        let Options { observer, source, file_limit, md5, sha1, keep_files, max_flows } = options;
        Self { observer, source, file_limit, md5, sha1, keep_files, max_flows }
    }
}

/// Reads one capture file, or standard input.
#[pyclass(frozen, module = "vonggac_sensor")]
pub(crate) struct CaptureSensor(Mutex<CaptureRun>);

#[pymethods]
impl CaptureSensor {
    #[new]
    fn new(python: Python<'_>, path: Option<PathBuf>, options: Options) -> PyResult<Self> {
        let opened = python.detach(|| match path {
            Some(path) => Capture::open(&path),
            None => Capture::standard_input(),
        });
        let capture = signalled(python, opened)?;
        Ok(Self(Mutex::new(CaptureRun::new(capture, options.into()))))
    }

    fn next_batch<'py>(
        &self,
        python: Python<'py>,
        max_rows: usize,
        timeout: f64,
    ) -> PyResult<Option<PyBatch<'py>>> {
        let timeout = seconds(timeout);
        let progress = working(python, &self.0, |run| run.next_batch(max_rows, timeout))?;
        translated(python, progress)
    }

    #[getter]
    fn share_read(&self, python: Python<'_>) -> PyResult<Option<f64>> {
        working(python, &self.0, |run| run.capture.share_read())
    }

    #[getter]
    fn cut(&self, python: Python<'_>) -> PyResult<Option<String>> {
        working(python, &self.0, |run| run.capture.cut().map(str::to_owned))
    }

    #[getter]
    fn warnings(&self, python: Python<'_>) -> PyResult<Vec<String>> {
        working(python, &self.0, |run| run.capture.warnings())
    }

    #[getter]
    fn span(&self, python: Python<'_>) -> PyResult<PySpan> {
        working(python, &self.0, |run| span(run.span()))
    }

    fn counters(&self, python: Python<'_>) -> PyResult<BTreeMap<&'static str, u64>> {
        working(python, &self.0, |run| run.counters().into_iter().collect())
    }
}

/// Listens on interfaces.
#[pyclass(frozen, module = "vonggac_sensor")]
pub(crate) struct LiveSensor(Mutex<LiveRun>);

#[pymethods]
impl LiveSensor {
    #[new]
    fn new(
        interfaces: Vec<String>,
        filter: String,
        ring_bytes: usize,
        fanout: Option<u16>,
        options: Options,
    ) -> PyResult<Self> {
        let settings = LiveSettings { interfaces, filter, ring_bytes, fanout };
        let capture = LiveCapture::open(&settings).map_err(|error| raised(&error))?;
        Ok(Self(Mutex::new(LiveRun::new(capture, options.into()))))
    }

    fn next_batch<'py>(
        &self,
        python: Python<'py>,
        max_rows: usize,
        timeout: f64,
        last: bool,
    ) -> PyResult<Option<PyBatch<'py>>> {
        let timeout = seconds(timeout);
        let progress = working(python, &self.0, |run| run.next_batch(max_rows, timeout, last))?;
        translated(python, progress)
    }

    fn finish<'py>(&self, python: Python<'py>) -> PyResult<PyBatch<'py>> {
        let batch = working(python, &self.0, LiveRun::finish)?;
        py_batch(python, batch)
    }

    #[getter]
    fn span(&self, python: Python<'_>) -> PyResult<PySpan> {
        working(python, &self.0, |run| span(run.span()))
    }

    fn counters(&self, python: Python<'_>) -> PyResult<BTreeMap<&'static str, u64>> {
        working(python, &self.0, |run| run.counters().into_iter().collect())
    }
}

/// `None`: the input is over. A batch without anything: time is up, or a signal came that Python let pass.
fn translated(python: Python<'_>, progress: Result<Progress, SourceError>) -> PyResult<Option<PyBatch<'_>>> {
    match progress {
        Ok(Progress::Batch(batch)) => py_batch(python, batch).map(Some),
        Ok(Progress::Pending) => py_batch(python, Batch::default()).map(Some),
        Ok(Progress::End) => Ok(None),
        Err(SourceError::Interrupted) => {
            python.check_signals()?;
            py_batch(python, Batch::default()).map(Some)
        }
        Err(error) => Err(raised(&error)),
    }
}

/// The exception of a signal handler comes before the source's own.
fn signalled<T>(python: Python<'_>, result: Result<T, SourceError>) -> PyResult<T> {
    result.or_else(|error| {
        python.check_signals()?;
        Err(raised(&error))
    })
}

fn py_batch(python: Python<'_>, batch: Batch) -> PyResult<PyBatch<'_>> {
    let tables = PyDict::new(python);
    for (dataset, rows) in batch.tables {
        tables.set_item(dataset, Rows(rows).into_pyobject(python)?)?;
    }
    let files = batch.files.into_iter().map(|file| (file.event_id, PyBytes::new(python, &file.content)));
    Ok((tables, files.collect(), batch.clock.map(|clock| clock.0)))
}

fn span(span: Span) -> PySpan {
    (span.packets, span.first.map(|time| time.0), span.last.map(|time| time.0))
}

/// Anything that is no duration waits not at all.
fn seconds(value: f64) -> Duration {
    Duration::try_from_secs_f64(value).unwrap_or_default()
}
