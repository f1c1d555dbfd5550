"""Submits runs and answers for their state, by gunicorn."""

from celery.result import AsyncResult
from flask import Flask, jsonify, request

from jobs import app as celery
from jobs import submit_chain, whole

app = Flask(__name__)


@app.post("/<kind>")
def submit(kind: str):
    spec = request.get_json()
    run = (submit_chain if kind == "chain" else whole.delay)(spec["count"], spec["fast"], spec["slow"])
    return jsonify(id=run.id), 202


@app.get("/<run>")
def state(run: str):
    result = AsyncResult(run, app=celery)
    return jsonify(state=result.state, result=result.result if result.successful() else None)
