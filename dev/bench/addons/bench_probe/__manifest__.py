{
    "name": "Bench Probe",
    "summary": "Loaded by the servers of a benchmark, never installed",
    "version": "19.0.1.0.0",
    "category": "Hidden",
    "license": "LGPL-3",
    "author": "Customer Types maintainers",
    "depends": ["web"],
    "installable": False,
}
