"""Listening: attach to a training, know its steps, measure the ones that are due, and leave no trace.

`watch` is for a loop of your own, `launch` for somebody's script. Nothing is imported here, because `launch` must not
import torch before the script does.
"""
