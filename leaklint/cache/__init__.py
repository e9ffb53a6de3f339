"""What is kept between runs: indexes of files, and what was found in each file together with all that it rests on."""
