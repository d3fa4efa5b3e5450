//! Events for Python without copying: the Arrow PyCapsule interface
//! (<https://arrow.apache.org/docs/format/CDataInterface/PyCapsuleInterface.html>).

use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema};
use arrow_array::{Array, RecordBatch, StructArray};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

use crate::errors::SensorError;

/// Rows of one dataset: `pyarrow.record_batch(rows)`, or anything else that takes Arrow capsules.
#[pyclass(frozen, module = "vonggac_sensor")]
pub(crate) struct Rows(pub(crate) RecordBatch);

#[pymethods]
impl Rows {
    fn __len__(&self) -> usize {
        self.0.num_rows()
    }

    /// Schema and array; a requested schema is ignored, as the interface allows.
    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_array__<'py>(
        &self,
        python: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<(Bound<'py, PyCapsule>, Bound<'py, PyCapsule>)> {
        drop(requested_schema);
        let schema = FFI_ArrowSchema::try_from(self.0.schema().as_ref())
            .map_err(|error| SensorError::new_err(error.to_string()))?;
        let array = FFI_ArrowArray::new(&StructArray::from(self.0.clone()).to_data());
        Ok((
            PyCapsule::new_with_value(python, schema, c"arrow_schema")?,
            PyCapsule::new_with_value(python, array, c"arrow_array")?,
        ))
    }
}
